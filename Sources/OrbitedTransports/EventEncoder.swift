import NIOCore
import OrbitedCore
import OrbitedWire

/// Encodes each event once for every transport and framing in use on a loop; all its connections share the bytes.
/// Confined to a loop.
public final class EventEncoder {
    private let transports: [any Transport]
    private let epoch: UInt64
    private var current: Event?
    private var encodings: [ByteBuffer?]
    private var parts: [ByteBuffer?]
    private let pings: [ByteBuffer?]

    /// Creates an encoder for the transports of the list, for a server of that epoch.
    public init(_ list: TransportList, epoch: UInt64) {
        self.epoch = epoch
        let transports = list.all
        self.transports = transports
        self.encodings = Array(repeating: nil, count: transports.count * Framing.allCases.count)
        self.parts = Array(repeating: nil, count: transports.count)
        self.pings = transports.flatMap { transport in
            Framing.allCases.map { framing in transport.heartbeat.map { framing.heartbeat($0) } }
        }
    }

    /// One event in the form of a transport.
    public func encoding(of event: Event, for transport: Int, _ framing: Framing) -> ByteBuffer {
        begin(event)
        let index = transport * Framing.allCases.count + framing.rawValue
        if let ready = encodings[index] { return ready }
        let encoding = framing.framed(part(of: event, for: transport))
        encodings[index] = encoding
        return encoding
    }

    /// One event in the form of a transport, without framing; what a batch is put together from.
    public func part(of event: Event, for transport: Int) -> ByteBuffer {
        begin(event)
        if let ready = parts[transport] { return ready }
        var part = ByteBuffer()
        transports[transport].write(event.body, cursor: Cursor(epoch: epoch, serial: event.serial), into: &part)
        parts[transport] = part
        return part
    }

    private func begin(_ event: Event) {
        guard current !== event else { return }
        forget()
        current = event
    }

    /// A transport's heartbeat.
    public func heartbeat(for transport: Int, _ framing: Framing) -> ByteBuffer? {
        pings[transport * Framing.allCases.count + framing.rawValue]
    }

    /// Lets go of the last event; its body need not be kept until the next one.
    public func forget() {
        guard current != nil else { return }
        current = nil
        for index in encodings.indices { encodings[index] = nil }
        for index in parts.indices { parts[index] = nil }
    }
}

extension Framing {
    /// A piece of a body as it goes to the socket.
    public func framed(_ piece: ByteBuffer) -> ByteBuffer {
        var buffer = ByteBuffer()
        write(piece, into: &buffer)
        return buffer
    }

    /// A heartbeat as it goes to the socket: on a WebSocket a ping goes with it, which the peer has to answer. [WSK-11]
    func heartbeat(_ piece: ByteBuffer) -> ByteBuffer {
        guard self == .message else { return framed(piece) }
        var buffer = ByteBuffer()
        WebSocketFrame.write(.ping, ByteBuffer(), into: &buffer)
        write(piece, into: &buffer)
        return buffer
    }
}
