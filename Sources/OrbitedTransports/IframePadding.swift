/// What fills the beginning of an endless page: browsers begin to run a page's scripts only when enough of it has come;
/// WebKit waits for 2 KiB. [IFR-3]
enum IframePadding {
    static let text =
        "<!-- "
        + String(repeating: "Orbited fills this page until the browser begins to show it. ", count: 16)
        + "-->\n" + String(repeating: "<span></span>", count: 100) + "\n"

    /// Makes the browser load a page again that has become too long. [IFR-13]
    static let reload = "<script>location.reload();</script>"
}
