import NIOCore

extension SocketAddress {
    /// `127.0.0.1:8000`, or `[::1]:8000`.
    var hostAndPort: String {
        let host = ipAddress ?? "localhost"
        return "\(host.contains(":") ? "[\(host)]" : host):\(port ?? 0)"
    }
}
