import NIOCore
import OrbitedCore
import OrbitedWire

/// The long poll: a response is the body of one event. `protocol/transports/xhr.md`
struct XHRTransport: Transport {
    let name = "xhr"
    let kind = OutletKind.poll
    // Never HTML: a body opened as a page of its own must not run. [XHR-1]
    let contentType = "text/plain; charset=utf-8"

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        buffer.writeImmutableBuffer(body)
    }
}
