import Foundation
import NIOCore
import NIOSSL
import OrbitedClient

/// Lets the conformance suite drive the Swift client; the folder above says how adapters speak.
@main
struct Adapter {
    private static let features = [
        "orbit-1.0", "orbit-1.1", "auth", "watch", "retry", "heartbeat", "queue", "reconnect",
    ]
    /// How long the calls under way have at the end.
    private static let patience = Duration.seconds(5)

    private let answers = Answers()
    private var client: OrbitedClient?
    private var watches: [Int: Watch] = [:]

    static func main() async throws {
        var adapter = Adapter()
        try await withThrowingDiscardingTaskGroup { group in
            for await line in lines() {
                let (number, call) = try Call.read(line)
                do {
                    if try await adapter.begin(call.get(), in: &group) { return }
                } catch {
                    adapter.answers.fails(number, error)
                }
            }
            await adapter.client?.disconnect(timeout: patience)
        }
    }

    /// The lines of standard input, each as soon as it is there.
    private static func lines() -> AsyncStream<String> {
        let (lines, tell) = AsyncStream<String>.makeStream()
        Thread.detachNewThread {
            while let line = readLine() { tell.yield(line) }
            tell.finish()
        }
        return lines
    }

    /// Begins a call; answers whether it is the last.
    private nonisolated(nonsending) mutating func begin(
        _ call: Call, in group: inout ThrowingDiscardingTaskGroup<any Error>
    ) async throws -> Bool {
        let (answers, number) = (answers, call.call)
        switch call.verb {
        case .hello:
            answers.returns(number, ["name": "OrbitedClient", "version": "0.4.0", "features": Self.features])
        case .client:
            client = OrbitedClient(try Self.options(call))
            answers.returns(number)
        case .event:
            let ack = try call.ack.map(Self.ack)
            let event = try connected().send(
                to: recipients(call.to), body: call.body ?? "", ack: ack, ttl: call.ttl, retry: call.retry ?? false)
            group.addTask {
                await Self.answer(number, answers) { answers.returns(number, try await event.receipt.members) }
            }
        case .watch:
            let place = call.since.map { NoticePlace(epoch: $0.epoch, sequence: $0.sequence) }
            let watch = try connected().watch(recipients(call.of), state: call.state ?? false, since: place)
            watches[number] = watch
            group.addTask { await Self.tell(watch, number, answers) }
        case .unwatch:
            let watch = try call.watch.flatMap { watches.removeValue(forKey: $0) }.orUnsupported("watch of that number")
            try await begin(number, in: &group) { client in
                await client.unwatch(watch)
                answers.returns(number)
            }
        case .list:
            let (keys, limit) = (try recipients(call.of), call.limit)
            try await begin(number, in: &group) { client in
                let listing = try await client.list(keys, limit: limit)
                answers.returns(number, ["keys": listing.keys.map(\.description), "more": listing.more])
            }
        case .close:
            let (keys, reason) = (try recipients(call.of), call.reason)
            try await begin(number, in: &group) { client in
                answers.returns(number, ["closed": try await client.close(keys, reason: reason)])
            }
        case .ping:
            try await begin(number, in: &group) { client in
                try await client.ping()
                answers.returns(number)
            }
        case .auth:
            let secret = call.secret ?? ""
            try await begin(number, in: &group) { client in
                try await client.auth(secret)
                answers.returns(number)
            }
        case .quit:
            await client?.disconnect(timeout: Self.patience)
            answers.returns(number)
            return true
        }
        return false
    }

    /// Begins a call on the client's loop, before the next line is looked at.
    private nonisolated(nonsending) func begin(
        _ number: Int, in group: inout ThrowingDiscardingTaskGroup<any Error>,
        _ work: @escaping @Sendable (isolated OrbitedClient) async throws -> Void
    ) async throws {
        let answers = answers
        let task = try await connected().begin { client in
            do { try await work(client) } catch { answers.fails(number, error) }
        }
        group.addTask { await task.value }
    }

    private static func answer(_ number: Int, _ answers: Answers, _ work: () async throws -> Void) async {
        do { try await work() } catch { answers.fails(number, error) }
    }

    private static func tell(_ watch: Watch, _ number: Int, _ answers: Answers) async {
        do {
            _ = try await watch.ready()
        } catch {
            return answers.fails(number, error)
        }
        answers.returns(number)
        do {
            for try await notice in watch { answers.notice(number, notice) }
        } catch {
            answers.ended(number, error)
        }
    }

    private func connected() throws -> OrbitedClient { try client.orUnsupported("client yet") }

    private func recipients(_ named: [Call.Named]?) throws -> [Recipient] {
        try (named ?? []).map { try $0.recipient() }
    }

    private static func ack(_ word: String) throws -> Ack { try Ack(rawValue: word).orUnsupported("ack \(word)") }

    private static func options(_ call: Call) throws -> ClientOptions {
        var options = ClientOptions(host: call.host ?? "localhost", port: call.port ?? 9000)
        options.secret = call.secret.map { ByteBuffer(string: $0) }
        if let timeout = call.timeout { options.timeout = .seconds(timeout) }
        if let heartbeat = call.heartbeat { options.heartbeat = .seconds(heartbeat) }
        if let queue = call.queue { options.queue = queue }
        if let word = call.whenFull {
            options.whenFull = try ClientOptions.WhenFull(rawValue: word).orUnsupported("whenFull \(word)")
        }
        if let ca = call.ca {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(ca)
            options.tls = .enabled(tls)
        }
        return options
    }
}

extension OrbitedClient {
    /// Begins work on the client's loop; what is begun one after the other stays in its order.
    fileprivate func begin(_ work: @escaping @Sendable (isolated OrbitedClient) async -> Void) -> Task<Void, Never> {
        Task { await work(self) }
    }
}

extension Optional {
    fileprivate func orUnsupported(_ what: @autoclosure () -> String) throws -> Wrapped {
        guard let self else { throw Unsupported(what: what()) }
        return self
    }
}
