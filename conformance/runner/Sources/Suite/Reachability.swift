import NIOCore
import NIOPosix

/// Whether somebody listens.
enum Reachability {
    static func isOpen(host: String, port: Int) async -> Bool {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(.seconds(5))
        guard let channel = try? await bootstrap.connect(host: host, port: port).get() else { return false }
        // The server counts this connection until it has closed it, too.
        channel.close(mode: .output, promise: nil)
        let patience = channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
        try? await channel.closeFuture.get()
        patience.cancel()
        return true
    }
}
