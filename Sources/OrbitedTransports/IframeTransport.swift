import NIOCore
import OrbitedCore
import OrbitedJSON
import OrbitedWire

/// An endless HTML page in which each event is a script. `protocol/transports/iframe.md`
struct IframeTransport: Transport {
    let name = "iframe"
    let kind = OutletKind.stream
    let contentType = "text/html; charset=utf-8"
    let preamble: ByteBuffer
    let heartbeat: ByteBuffer?
    let maxBytes: Int?
    let recycling: ByteBuffer? = IframePage.reload
    private let opening: StaticString
    private let closing: StaticString

    /// - Parameters:
    ///   - form: the form of the URL decides what an event calls: `window.parent.event` [IFR-8] or `e` [IFR-9].
    ///   - maxBytes: after how many bytes the page is made to load again, since browsers keep all of it.
    init(form: URLForm, maxBytes: Int) {
        self.maxBytes = maxBytes
        preamble = IframePage.opening(form)
        switch form {
        case .bar:
            heartbeat = nil
            opening = "<script>window.parent.event("
            closing = ");</script>\n"
        case .query:
            heartbeat = ByteBuffer(string: "<script>p();</script>")
            opening = "<script>e("
            closing = ");</script>"
        }
    }

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        buffer.writeStaticString(opening)
        buffer.writeBytes(body.withUnsafeReadableBytes { JSONText.scriptSafe($0) })
        buffer.writeStaticString(closing)
    }
}
