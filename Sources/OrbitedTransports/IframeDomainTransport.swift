import NIOCore
import OrbitedCore
import OrbitedJSON
import OrbitedWire

/// An `iframe` that shares the end of its host's name with the page around it. `protocol/transports/iframe_domain.md`
struct IframeDomainTransport: Transport {
    let name = "iframe_domain"
    let kind = OutletKind.stream
    let contentType = "text/html; charset=utf-8"
    // Browsers of today let a page set its domain only if it asks for that. [IFD-2]
    let headers = [(name: "Origin-Agent-Cluster", value: "?0")]
    let maxBytes: Int?
    let recycling: ByteBuffer? = ByteBuffer(string: IframePadding.reload)
    let preamble = ByteBuffer(
        string: "<script>document.domain=location.hostname.split('.').slice(-2).join('.');</script>\n"
            + IframePadding.text)

    /// - Parameter maxBytes: after how many bytes the page is made to load again.
    init(maxBytes: Int) {
        self.maxBytes = maxBytes
    }

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("<script>window.parent.event(")
        buffer.writeBytes(body.withUnsafeReadableBytes { JSONText.scriptSafe($0) })
        buffer.writeStaticString(");</script>\n")
    }
}
