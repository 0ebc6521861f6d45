import Glibc
import NIOCore
import OrbitedClient
import Testing

extension EndToEnd {
    @Suite("The Swift client and servers that are lost")
    struct ClientLossTests {
        private static let key = "u, 0, /x"

        /// What came of a number of events.
        private struct Fates {
            var reached: [Int] = []
            var unreached: [Int] = []
            var errors: [Int: OrbitedError] = [:]

            init(_ sent: [PendingReceipt]) async {
                for (number, event) in sent.enumerated() {
                    do throws(OrbitedError) {
                        if try await event.receipt.ok { reached.append(number) } else { unreached.append(number) }
                    } catch {
                        errors[number] = error
                    }
                }
            }
        }

        /// The numbers that a browser got until its stream ended.
        private static func numbers(of browser: Browser) async throws -> [Int] {
            var numbers: [Int] = []
            func take(_ text: String) {
                let lines = text.split(separator: "\n").filter { $0.hasPrefix("data: ") }
                numbers += lines.compactMap { Int($0.dropFirst("data: ".count)) }
            }
            do {
                while true {
                    let chunk = try await browser.chunk()
                    if chunk.isEmpty { break }
                    take(chunk)
                }
            } catch Peer.Failure.ended(let rest) {
                // An event is whole with the blank line behind it.
                if let end = rest.ranges(of: "\n\n").last { take(String(rest[..<end.lowerBound])) }
            }
            return numbers
        }

        @Test(
            "each of 10,000 events amid which the server is killed and comes back has a receipt or a true error",
            arguments: [true, false])
        func killed(retry: Bool) async throws {
            let first = try await ServingProgram.start()
            let browser = try await Browser.stream("/x?user=u", at: first.http)
            let arriving = Task { try await Self.numbers(of: browser) }
            let port = try #require(first.control.port)
            let client = OrbitedClient(host: "127.0.0.1", port: port)
            let sent = try (0..<10_000).map { try client.send(to: Self.key, json: $0, retry: retry) }
            for event in sent.prefix(500) { #expect(try await event.receipt.ok) }
            first.program.send(signal: SIGKILL)
            _ = try await first.program.ended()
            let second = try await ServingProgram.start(["--op-port", "\(port)"])
            let next = try await Browser.stream("/x?user=u", at: second.http)
            let arrivingNext = Task { try await Self.numbers(of: next) }
            let fates = await Fates(sent)
            let last = try await client.event(to: Self.key, json: sent.count)
            #expect(last.ok)
            second.program.send(signal: SIGTERM)
            #expect(try await second.program.ended().status == 0)
            let before = try await arriving.value
            let arrived = Set(before + (try await arrivingNext.value))
            #expect(fates.reached.count + fates.unreached.count + fates.errors.count == sent.count)
            // The server went amid the events, and they came in their order.
            #expect(before.count >= 500 && before.count < sent.count)
            #expect(before == Array(0..<before.count))
            let lying = fates.reached.filter { !arrived.contains($0) }
            #expect(lying.isEmpty, "reported as reached, and not there")
            for (number, error) in fates.errors {
                #expect(error.kind == .connectionLost && error.maybeDelivered, "\(number): \(error)")
            }
            #expect(fates.errors.isEmpty == retry)
            #expect(arrived.contains(sent.count))
            await client.disconnect()
        }

        @Test("a server that shuts down amid events answers what it took, and the rest is safe")
        func terminated() async throws {
            let server = try await ServingProgram.start()
            let browser = try await Browser.stream("/x?user=u", at: server.http)
            let arriving = Task { try await Self.numbers(of: browser) }
            let client = OrbitedClient(host: "127.0.0.1", port: try #require(server.control.port))
            let sent = try (0..<5_000).map { try client.send(to: Self.key, json: $0) }
            for event in sent.prefix(300) { #expect(try await event.receipt.ok) }
            server.program.send(signal: SIGTERM)
            #expect(try await server.program.ended().status == 0)
            await client.disconnect(timeout: .zero)
            let fates = await Fates(sent)
            let arrived = try await arriving.value
            #expect(fates.reached.count + fates.unreached.count + fates.errors.count == sent.count)
            #expect(fates.reached.count >= 300)
            #expect(arrived == Array(0..<arrived.count))
            #expect(Set(fates.reached).isSubset(of: arrived))
            for (number, error) in fates.errors {
                #expect(error.retriable, "\(number): \(error)")
                #expect(error.maybeDelivered || !arrived.contains(number), "\(number): \(error)")
            }
        }

        @Test("a watch over a restart of the server is told of the gap, and then of the state")
        func watch() async throws {
            let first = try await ServingProgram.start()
            let port = try #require(first.control.port)
            let client = OrbitedClient(host: "127.0.0.1", port: port)
            let watch = try client.watch("*, *, /x", state: true)
            let start = try await watch.ready()
            first.program.send(signal: SIGKILL)
            _ = try await first.program.ended()
            let second = try await ServingProgram.start(["--op-port", "\(port)"])
            var notices = watch.makeAsyncIterator()
            guard case .gap(let place)? = try await notices.next() else {
                Issue.record("there is no gap")
                return
            }
            #expect(place.epoch != start.place.epoch)
            let browser = try await Browser.stream("/x?user=u", at: second.http)
            #expect(try await notices.next()?.key?.description == Self.key)
            await browser.close()
            await client.disconnect()
            second.program.send(signal: SIGTERM)
            #expect(try await second.program.ended().status == 0)
        }
    }
}
