import NIOCore
import OrbitedCore

/// Encodes each event once for every transport and framing in use on a loop; all its connections share the bytes.
/// Confined to a loop.
public final class EventEncoder {
    private let transports: [any Transport]
    private var current: Event?
    private var encodings: [ByteBuffer?]
    private var pings: [ByteBuffer?]

    /// Creates an encoder for the transports of the list.
    public init(_ list: TransportList) {
        let transports = list.all
        self.transports = transports
        self.encodings = Array(repeating: nil, count: transports.count * Framing.allCases.count)
        self.pings = transports.flatMap { transport in
            Framing.allCases.map { framing in transport.heartbeat.map { framing.framed($0) } }
        }
    }

    /// One event in the form of a transport.
    public func encoding(of event: Event, for transport: Int, _ framing: Framing) -> ByteBuffer {
        if current !== event {
            current = event
            for index in encodings.indices { encodings[index] = nil }
        }
        let index = transport * Framing.allCases.count + framing.rawValue
        if let ready = encodings[index] { return ready }
        var piece = ByteBuffer()
        transports[transport].write(event.body, into: &piece)
        let encoding = framing.framed(piece)
        encodings[index] = encoding
        return encoding
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
    }
}

extension Framing {
    /// A piece of a body as it goes to the socket.
    public func framed(_ piece: ByteBuffer) -> ByteBuffer {
        var buffer = ByteBuffer()
        write(piece, into: &buffer)
        return buffer
    }
}
