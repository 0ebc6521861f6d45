import NIOCore
import NIOPosix
import Synchronization

/// Ports for servers.
///
/// They are below those that systems give to outgoing connections, of which the suite itself makes many: so a server
/// finds its port free when it is started, also for the second time. Each process of the suite has a block of them, whose
/// first port it listens on as long as it runs, so that none gives a port away that another has just given.
enum FreePorts {
    private static let range = 20_000..<32_000
    private static let blockSize = 500
    private static let block = Mutex<Block?>(nil)

    private struct Block {
        let ports: Range<Int>
        var last: Int
        /// What others find taken.
        let claim: any Channel

        /// The next port; that of the claim is left out.
        mutating func next() -> Int {
            last = last + 1 < ports.upperBound ? last + 1 : ports.lowerBound + 1
            return last
        }
    }

    /// A port on which nobody listens, and which was not given before, until all of the process were.
    ///
    /// - Throws: ``UnreachableError`` if there is none.
    static func take(host: String) async throws -> Int {
        if block.withLock({ $0 == nil }) { try await claimBlock(host: host) }
        for _ in 0..<blockSize {
            guard let port = block.withLock({ $0?.next() }) else { break }
            guard let channel = await listen(host: host, port: port) else { continue }
            try await channel.close()
            return port
        }
        throw UnreachableError("no port of \(host) from \(range.lowerBound) to \(range.upperBound) is free")
    }

    private static func claimBlock(host: String) async throws {
        for begin in stride(from: range.lowerBound, to: range.upperBound, by: blockSize).shuffled() {
            guard let claim = await listen(host: host, port: begin) else { continue }
            let isMine = block.withLock { block in
                if block == nil {
                    block = Block(ports: begin..<begin + blockSize, last: begin, claim: claim)
                    return true
                }
                return false
            }
            if !isMine { try await claim.close() }
            return
        }
    }

    private static func listen(host: String, port: Int) async -> (any Channel)? {
        try? await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: host, port: port).get()
    }
}
