import NIOCore
import OrbitedCore
import OrbitedWire

/// The long poll as a script, for browsers that can do nothing else across origins. `protocol/transports/jsonp.md`
struct JSONPTransport: Transport {
    let name = "jsonp"
    let kind = OutletKind.batch
    let contentType = "text/javascript; charset=utf-8"
    let hasCursors = true
    let needsCallback = true

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        Envelope.writeValue(body, into: &buffer)
    }

    func response(_ parts: [ByteBuffer], mark: Mark, callback: String?) -> ByteBuffer {
        call(callback, Envelope.batch(parts, mark))
    }

    func response(ending reason: EndReason, mark: Mark?, callback: String?) -> ByteBuffer {
        call(callback, Envelope.end(reason) ?? Envelope.heartbeat)
    }

    /// The comment keeps the first bytes of the response, which a request could choose else, from being taken for
    /// another kind of file. [JSP-4]
    private func call(_ callback: String?, _ object: ByteBuffer) -> ByteBuffer {
        var script = ByteBuffer(string: "/**/\(callback ?? "")(")
        script.writeImmutableBuffer(object)
        script.writeStaticString(");\n")
        return script
    }
}
