import Logging
import NIOCore
import NIOPosix
import OrbitedCore
import OrbitedProxy
import OrbitedTransports

/// All shards, each on its loop. The handle by which other threads reach them.
final class ShardLoops: Sendable {
    private let loops: [any EventLoop]
    private let boxes: [NIOLoopBoundBox<ShardLoop?>]
    let switchboard: Switchboard

    /// Makes a shard on each loop of the group.
    static func start(
        on group: MultiThreadedEventLoopGroup, configuration: Configuration, callbacks: Callbacks?, logger: Logger
    ) async throws -> ShardLoops {
        let shardLoops = ShardLoops(Array(group.makeIterator()), callbacks: callbacks)
        let limits = SessionLimits(configuration)
        let transports = configuration.transportList
        for (index, loop) in shardLoops.loops.enumerated() {
            try await loop.submit {
                let shard = Shard(index: index, switchboard: shardLoops.switchboard, limits: limits)
                let proxy = ReverseProxy(
                    eventLoop: loop, rules: configuration.proxyRules, configuration: configuration.proxyConfiguration,
                    logger: logger)
                shardLoops.boxes[index].value = ShardLoop(
                    loop: loop, shard: shard, transports: transports, proxy: proxy,
                    sweepInterval: configuration.sweepInterval, writeTimeout: limits.writeTimeout, logger: logger)
            }.get()
        }
        try await callbacks?.begin(epoch: shardLoops.switchboard.epochText, logger: logger)
        return shardLoops
    }

    private init(_ loops: [any EventLoop], callbacks: Callbacks?) {
        let boxes = loops.map { NIOLoopBoundBox<ShardLoop?>.makeEmptyBox(valueType: ShardLoop.self, eventLoop: $0) }
        self.loops = loops
        self.boxes = boxes
        self.switchboard = Switchboard(shards: loops.count, epoch: .random(in: .min ... .max), callbacks: callbacks) {
            index in
            loops[index].execute { boxes[index].value?.drain() }
        }
    }

    /// The shard of the loop on which this is called.
    func current(on loop: any EventLoop) -> ShardLoop? {
        loops.firstIndex { $0 === loop }.flatMap { boxes[$0].value }
    }

    /// Does something on every loop, at once; answers when all have done it.
    func onEach(_ body: @escaping @Sendable (ShardLoop) -> EventLoopFuture<Void>?) async throws {
        let futures = zip(loops, boxes).map { loop, box in
            loop.flatSubmit { box.value.flatMap(body) ?? loop.makeSucceededVoidFuture() }
        }
        for future in futures { try await future.get() }
    }
}
