import NIOCore
import OrbitedCore
import OrbitedWire

/// Encodes each event once for every transport and framing in use on a loop; all its connections share the bytes.
/// Confined to a loop.
public final class EventEncoder {
    private let transports: [any Transport]
    private let epoch: UInt64
    private var current: Event?
    /// What there is of it: few of many.
    private var encodings: [(index: Int, bytes: ByteBuffer)] = []
    private var parts: [(index: Int, bytes: ByteBuffer)] = []
    private let pings: [ByteBuffer?]

    /// Creates an encoder for the transports of the list, for a server of that epoch.
    public init(_ list: TransportList, epoch: UInt64) {
        self.epoch = epoch
        let transports = list.all
        self.transports = transports
        self.pings = transports.flatMap { transport in
            Framing.allCases.map { framing in transport.heartbeat.map { framing.heartbeat($0) } }
        }
    }

    /// One event in the form of a transport.
    public func encoding(of event: Event, for transport: Int, _ framing: Framing) -> ByteBuffer {
        begin(event)
        let index = transport * Framing.allCases.count + framing.rawValue
        for known in encodings.indices where encodings[known].index == index { return encodings[known].bytes }
        let encoding =
            if let part = parts.first(where: { $0.index == transport })?.bytes {
                framing.framed(part)
            } else {
                framing.framed(room: Self.room(for: event)) { write(event, transport, into: &$0) }
            }
        encodings.append((index, encoding))
        return encoding
    }

    /// One event in the form of a transport, without framing; what a batch is put together from.
    public func part(of event: Event, for transport: Int) -> ByteBuffer {
        begin(event)
        if let ready = parts.first(where: { $0.index == transport }) { return ready.bytes }
        var part = ByteBufferAllocator().buffer(capacity: Self.room(for: event))
        write(event, transport, into: &part)
        parts.append((transport, part))
        return part
    }

    /// Enough on most transports: the body, its cursor and some words.
    private static func room(for event: Event) -> Int { event.body.readableBytes + 64 }

    private func write(_ event: Event, _ transport: Int, into buffer: inout ByteBuffer) {
        transports[transport].write(event.body, cursor: Cursor(epoch: epoch, serial: event.serial), into: &buffer)
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
        // One by one, since there are few: emptying an array keeps it busy for longer.
        while encodings.popLast() != nil {}
        while parts.popLast() != nil {}
    }
}

extension Framing {
    /// A piece of a body as it goes to the socket.
    public func framed(_ piece: ByteBuffer) -> ByteBuffer {
        var buffer = ByteBuffer()
        write(piece, into: &buffer)
        return buffer
    }

    /// What is written becomes a piece of a body as it goes to the socket, without a copy of it where that can be.
    ///
    /// - Parameter room: about how many bytes are written.
    func framed(room: Int, _ write: (inout ByteBuffer) -> Void) -> ByteBuffer {
        // The size of a chunk stands before it, and is known behind it.
        let roomBefore = self == .chunked ? Self.longestSize : 0
        var buffer = ByteBufferAllocator().buffer(capacity: roomBefore + room)
        buffer.moveWriterIndex(to: roomBefore)
        buffer.moveReaderIndex(to: roomBefore)
        write(&buffer)
        switch self {
        case .chunked: putIntoChunk(&buffer)
        case .close: break
        case .message: buffer = framed(buffer)
        }
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
