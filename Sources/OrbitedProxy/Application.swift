/// A web application that requests are proxied to: plain HTTP at a host and a port.
public struct Application: Sendable, Hashable {
    /// The port that `http` means when a URL names none.
    static let defaultPort = 80

    /// A host name or an IP address; an IPv6 address stands without its brackets.
    public let host: String

    /// The TCP port, 1 to 65535.
    public let port: Int

    /// Names an application. - Precondition: `host` isn't empty and `port` is one that TCP has.
    public init(host: String, port: Int) {
        precondition(!host.isEmpty && (1...Int(UInt16.max)).contains(port), "an application has a host and a port")
        self.host = host
        self.port = port
    }

    /// Host and port as a `Host` header names them: `127.0.0.1:4700`, `[::1]:4700`, `app.local` at port 80.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == Self.defaultPort ? name : "\(name):\(port)"
    }
}

extension Application: CustomStringConvertible {
    /// The URL as a rule spells it: `http://127.0.0.1:4700`.
    public var description: String { "http://\(authority)" }
}
