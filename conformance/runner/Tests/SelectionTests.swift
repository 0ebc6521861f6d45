import Testing

@testable import OrbitedConformance

extension Case {
    /// A case that does nothing but wait.
    static func example(
        _ id: String, requirements: [String] = ["CTL-1"], level: Level = .must, features: [String] = [],
        settings: [String: String] = [:], variations: [String: [String]] = [:], isCut: Bool = false,
        isAlone: Bool = false, steps: [Step] = [Step(.wait, .number(0))]
    ) -> Case {
        Case(
            kind: .server, file: "cases/server/example.json", id: id, requirements: requirements, level: level,
            quote: "A server MUST wait.", description: "It waits.", features: features, settings: settings,
            variations: variations, isCut: isCut, isAlone: isAlone, steps: steps)
    }
}

@Suite("Which trials are run")
struct SelectionTests {
    let cases = [
        Case.example("control-ping", requirements: ["CTL-135"], features: ["orbit-1.1"], isCut: true),
        Case.example("sse-event", requirements: ["SSE-18"], level: .should, variations: ["transport": ["sse", "ws"]]),
    ]

    @Test("All cases, variations and cuts are run if nothing is said")
    func all() {
        #expect(
            Selection().trials(of: cases).map(\.name) == [
                "control-ping", "control-ping[cut=1]", "control-ping[cut=2]", "sse-event[transport=sse]",
                "sse-event[transport=ws]",
            ])
    }

    @Test("Ids, requirements, features, levels and cuts each narrow the choice")
    func narrow() {
        var selection = Selection()
        selection.ids = [Glob("sse-*")]
        #expect(selection.trials(of: cases).count == 2)
        selection.features = ["ws"]
        #expect(selection.trials(of: cases).map(\.name) == ["sse-event[transport=ws]"])
        selection.levels = [.must]
        #expect(selection.trials(of: cases).isEmpty)
        selection = Selection()
        selection.requirements = ["CTL-135"]
        selection.cuts = .whole
        #expect(selection.trials(of: cases).map(\.name) == ["control-ping"])
    }

    @Test(
        "A pattern matches whole names, with stars and question marks",
        arguments: [
            ("*", "", true), ("a*c", "abbc", true), ("a*c", "abcd", false), ("a?c", "abc", true), ("a?c", "ac", false),
            ("*b*", "abc", true), ("a[cut=1]", "a[cut=1]", true), ("", "a", false), ("**a", "ba", true),
        ])
    func glob(_ pattern: String, _ name: String, _ matches: Bool) {
        #expect(Glob(pattern).matches(name) == matches)
    }

    @Test("What is declared missing is lacking, and so is what is not declared where something is")
    func features() throws {
        var features = Features(
            known: ["orbit-1.0": "", "sse": "", "ws": "", "settings": ""], sets: ["core": ["orbit-1.0", "sse"]])
        #expect(features.lacking(of: ["ws", "settings"]).isEmpty)
        try features.declare(["core"])
        #expect(features.lacking(of: ["sse", "ws", "settings"]) == ["ws"])
        try features.exclude(["sse"])
        #expect(features.lacking(of: ["sse", "orbit-1.0"]) == ["sse"])
        #expect(throws: UsageError.self) { try features.exclude(["pigeon"]) }
    }

    @Test("An adapter that names a feature which there is not is a fault, and no cases that are skipped")
    func unknownFeatures() throws {
        var features = Features(known: ["orbit-1.0": "", "watch": "", "browser": ""], sets: [:])
        let greeting = AdapterGreeting(name: "x", version: "1", features: ["orbit-1.0", "watches"])
        let error = #expect(throws: UsageError.self) { try features.restrict(toClient: greeting) }
        #expect(error?.description.contains("watches") == true)
        #expect(throws: UsageError.self) { try features.restrict(toBrowser: greeting) }
        try features.restrict(toClient: AdapterGreeting(name: "x", version: "1", features: ["orbit-1.0"]))
        #expect(features.lacking(of: ["orbit-1.0", "watch"]) == ["watch"])
    }
}
