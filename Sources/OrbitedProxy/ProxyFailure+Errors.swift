import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension ProxyFailure {
    /// What became of an attempt to connect.
    static func connecting(_ error: any Error, timeout: TimeAmount) -> ProxyFailure {
        switch error {
        case ChannelError.connectTimeout:
            return .connectTimedOut(timeout)
        case let error as NIOConnectionError:
            guard let first = error.connectionErrors.first else { return .unresolvable }
            return connecting(first.error, timeout: timeout)
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            return .unreachable(reason: "it refused the connection")
        case let error as IOError where error.errnoCode == EHOSTUNREACH || error.errnoCode == ENETUNREACH:
            return .unreachable(reason: "there is no way to its host")
        case let error as IOError where error.errnoCode == EMFILE || error.errnoCode == ENFILE:
            return .unreachable(reason: "Orbited has too many files open")
        default:
            return .unreachable(reason: "\(error)")
        }
    }

    /// What an error on the connection means while a response is due.
    static func receiving(_ error: any Error) -> ProxyFailure {
        switch error {
        case HTTPParserError.invalidEOFState:
            .malformedResponse(reason: "it ends within its head")
        case HTTPParserError.headerOverflow:
            .malformedResponse(reason: "its headers are larger than \(ProxyLimits.headerList / 1024) KiB")
        case let error as HTTPParserError:
            .malformedResponse(reason: "\(error)")
        default:
            .closedEarly
        }
    }
}
