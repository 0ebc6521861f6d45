import NIOCore
import NIOPosix

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension OrbitedClientError {
    /// What became of an attempt to connect, in the system's words.
    static func connecting(to host: String, port: Int, _ error: any Error) -> OrbitedClientError {
        .connectFailed("can't connect to \(host):\(port): \(reason(error))")
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case ChannelError.connectTimeout:
            return "it did not answer in time"
        case let error as NIOConnectionError:
            guard let first = error.connectionErrors.first else { return "its name has no address" }
            return reason(first.error)
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            return "connection refused; is Orbited running?"
        case let error as IOError:
            let text = String(cString: strerror(error.errnoCode))
            return text.prefix(1).lowercased() + text.dropFirst()
        default:
            return "\(error)"
        }
    }
}
