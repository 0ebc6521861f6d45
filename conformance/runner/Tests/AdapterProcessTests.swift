@testable import OrbitedConformance
import Testing

@Suite("An adapter")
struct AdapterProcessTests {
    private func shell(_ script: String) throws -> AdapterProcess { try AdapterProcess(["/bin/sh", "-c", script]) }

    private func say(_ line: String, to verb: String = "ping") throws -> (AdapterProcess, Int) {
        let adapter = try shell("read line; echo '\(line)'; cat >/dev/null")
        return (adapter, adapter.begin(verb))
    }

    private func fault(of adapter: AdapterProcess) async throws -> Difference {
        try await adapter.output.wait(until: .now + .seconds(10)) { output, _ in output.fault }
    }

    @Test("that answers is heard, and ends with its input")
    func answers() async throws {
        let (adapter, number) = try say(#"{"call":1,"returns":{"a":1}}"#)
        let end = try await adapter.output.wait(until: .now + .seconds(10)) { output, _ in output.takeEnd(of: number) }
        #expect(end == .object(["returns": .object(["a": .number(1)])]))
        #expect(await adapter.end() == .exited(0))
        #expect(adapter.output.content.fault == nil)
    }

    @Test(
        "that does not keep to the contract is shown with its line",
        arguments: [
            "hello", "[]", #"{"returns":{}}"#, #"{"call":2,"returns":{}}"#, #"{"call":1,"returns":1}"#,
            #"{"call":1,"returns":{},"more":1}"#, #"{"call":1,"throws":{"name":"Timeout"}}"#,
            #"{"call":1,"notice":{"word":"gap"}}"#, #"{"call":1,"told":{"word":"open"}}"#,
        ])
    func breaksTheContract(line: String) async throws {
        let (adapter, _) = try say(line)
        #expect(try await fault(of: adapter).got == line)
        await adapter.end()
    }

    @Test("must not end a call twice")
    func endsTwice() async throws {
        let line = #"{"call":1,"returns":{}}"#
        let (adapter, _) = try say("\(line)\n\(line)")
        #expect(try await fault(of: adapter).expected == "one line a call")
        await adapter.end()
    }

    @Test("tells what its watch tells once the watch has begun")
    func tellsNotices() async throws {
        let (adapter, number) = try say(
            #"{"call":1,"returns":{}}"# + "\n" + #"{"call":1,"notice":{"word":"gap"}}"#, to: "watch")
        let told = try await adapter.output.wait(until: .now + .seconds(10)) { output, _ in output.takeTold(of: number)
        }
        #expect(told["notice"]?["word"]?.string == "gap")
        await adapter.end()
        #expect(adapter.output.content.untaken.isEmpty)
    }

    @Test("that ends by itself leaves its last words")
    func leavesLastWords() async throws {
        let adapter = try shell("echo one >&2; echo two >&2; exit 3")
        #expect(await adapter.end(within: .seconds(10)) == .exited(3))
        _ = try await adapter.output.wait(until: .now + .seconds(10)) { output, _ in
            output.lastErrors == "one\ntwo" ? true : nil
        }
    }

    @Test("that does not end with its input gets SIGTERM, and then SIGKILL")
    func isEnded() async throws {
        let polite = try shell("echo >&2; exec sleep infinity")
        #expect(await polite.end(patience: .milliseconds(200)) == .signalled(15))
        let deaf = try shell("trap '' TERM; echo deaf >&2; exec sleep infinity")
        _ = try await deaf.output.wait(until: .now + .seconds(10)) { output, _ in
            output.lastErrors == "deaf" ? true : nil
        }
        #expect(await deaf.end(patience: .milliseconds(200)) == .signalled(9))
    }

    @Test("that can't be started is a failure that names it")
    func cannotStart() {
        #expect(throws: Difference.self) { try AdapterProcess(["/no/such/adapter"]) }
        #expect(throws: Difference.self) { try AdapterProcess([]) }
    }
}
