import NIOCore

/// What the transports for hidden frames have in common: how their pages begin, and how they load again.
enum IframePage {
    /// Makes the frame load its page again, before it holds too much. [IFR-13]
    static let reload = ByteBuffer(string: "<script>location.reload();</script>")

    /// The beginning of a page.
    ///
    /// - Parameter script: what runs before all else, without its element; for most pages nothing.
    static func opening(_ form: URLForm, script: String? = nil) -> ByteBuffer {
        let first = script.map { "<script>\($0)</script>" } ?? ""
        return switch form {
        case .bar:
            ByteBuffer(string: first + padding)
        case .query:
            ByteBuffer(
                string: "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">" + first
                    + "<script src=\"/_/iframe.js\"></script></head><body>\n" + padding)
        }
    }

    /// Browsers begin to run a page's scripts only when enough of it has come: WebKit waits for 2 KiB. [IFR-3]
    private static let padding =
        "<!-- "
        + String(repeating: "Orbited fills this page until the browser begins to show it. ", count: 16)
        + "-->\n" + String(repeating: "<span></span>", count: 100) + "\n"
}
