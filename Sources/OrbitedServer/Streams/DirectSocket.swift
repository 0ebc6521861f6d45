import Glibc
import NIOCore

/// A channel's socket for `send(2)` past NIO. Confined to the channel's loop, and valid until the channel closes.
///
/// Only for channels whose bytes are those of the socket: never with TLS in the pipeline.
struct DirectSocket {
    /// What the kernel did.
    enum Outcome: Equatable {
        /// It took that many bytes, perhaps none, perhaps not all.
        case took(Int)
        /// The connection is broken.
        case broken
    }

    private let descriptor: CInt
    private static let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)

    /// The socket of a channel, or `nil` if the channel has none.
    init?(_ channel: any Channel) {
        let found = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: CInt.self) { $0 }
        guard let descriptor = found else { return nil }
        self.descriptor = descriptor
    }

    /// Gives the bytes to the kernel without waiting.
    func send(_ bytes: ByteBuffer) -> Outcome {
        bytes.withUnsafeReadableBytes { pointer in
            let count = Glibc.send(descriptor, pointer.baseAddress, pointer.count, Self.flags)
            if count >= 0 { return .took(count) }
            return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? .took(0) : .broken
        }
    }
}
