import NIOCore
import NIOPosix
import Synchronization

/// Ports for servers.
///
/// They are below those that systems give to outgoing connections, of which the suite itself makes many: so a server
/// finds its port free when it is started, also for the second time.
enum FreePorts {
    private static let range = 20_000..<32_000
    private static let next = Mutex(range.randomElement() ?? range.lowerBound)

    /// A port on which nobody listens, and which was not given before, until all of the range were.
    ///
    /// - Throws: ``UnreachableError`` if there is none.
    static func take(host: String) async throws -> Int {
        for _ in range {
            let port = next.withLock { next in
                next = next + 1 == range.upperBound ? range.lowerBound : next + 1
                return next
            }
            let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            guard let channel = try? await bootstrap.bind(host: host, port: port).get() else { continue }
            try await channel.close()
            return port
        }
        throw UnreachableError("no port of \(host) from \(range.lowerBound) to \(range.upperBound) is free")
    }
}
