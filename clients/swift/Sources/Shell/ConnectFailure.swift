import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What became of a connection, in the system's words.
enum ConnectFailure {
    static func reason(_ error: any Error) -> String {
        switch error {
        case ChannelError.connectTimeout: "it did not answer in time"
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason($0.error) } ?? "its name has no address"
        case let error as IOError where error.errnoCode == ECONNREFUSED: "connection refused; is Orbited running?"
        case let error as IOError: words(error.errnoCode)
        case NIOSSLError.handshakeFailed(let error): "TLS: \(error)"
        default: "\(error)"
        }
    }

    private static func words(_ code: CInt) -> String {
        let text = String(cString: strerror(code))
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
