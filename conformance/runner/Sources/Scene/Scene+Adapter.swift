extension Scene {
    /// Performs a step that drives the adapter.
    func drive(_ step: Step) async throws {
        let adapter = try adapter()
        let name = try text(step.subject)
        switch step.verb {
        case .call: try begin(name, step, adapter)
        case .result: try await expectResult(of: name, step, adapter)
        default: try await expectTold(by: name, step, adapter)
        }
    }

    private func adapter() throws -> AdapterProcess {
        guard let adapter = surroundings.adapter else {
            throw Difference("the case needs an adapter, and there is none")
        }
        return adapter
    }

    /// Waits until the adapter answers `hello`: how long it takes to start is not the time of a step.
    func beginDriving() async throws {
        guard let adapter = surroundings.adapter else { return }
        try await ask("hello", adapter, within: scaled(30))
    }

    // MARK: - Calls

    private func begin(_ name: String, _ step: Step, _ adapter: AdapterProcess) throws {
        guard let verb = try text("do", of: step) else { throw Difference("the case has a call without its verb") }
        guard driving.calls[name] == nil else { throw Difference("the case has two calls of the name \(name)") }
        let members = try step.members.reduce(into: [String: JSONValue]()) { $0[$1.key] = try member($1.key, $1.value) }
        driving.calls[name] = Driving.Call(number: adapter.begin(verb, members))
    }

    /// A member as the adapter gets it.
    private func member(_ name: String, _ value: JSONValue) throws -> JSONValue {
        switch (name, value) {
        // A case writes the name of the call, and the adapter knows its number.
        case ("watch", .string(let text)), ("connect", .string(let text)):
            guard let call = driving.calls[try self.text(.string(text))] else {
                throw Difference("the case has no call \(text)")
            }
            return .number(Double(call.number))
        case ("port", .string), ("sequence", .string):
            let value = try patterns.variables.value(value)
            return value.string.flatMap(Double.init).map(JSONValue.number) ?? value
        case ("body", .object), ("body", .array):
            return .string(String(decoding: try patterns.variables.bytes(value), as: UTF8.self))
        case (_, .object(let members)):
            return .object(try members.reduce(into: [:]) { $0[$1.key] = try member($1.key, $1.value) })
        default: return try patterns.variables.value(value)
        }
    }

    private func expectResult(of name: String, _ step: Step, _ adapter: AdapterProcess) async throws {
        let number = try number(of: name)
        guard driving.calls[name]?.hasResult == false else {
            throw Difference("the case expects two results of the call \(name)")
        }
        if let seconds = step.members["nothing"] {
            return try await expectNothing(
                "the result of \(name)", for: .seconds(self.seconds(seconds)), adapter
            ) { $0.takeEnd(of: number) }
        }
        let end = try await next("the result of \(name)", within: try patience(of: step), adapter) {
            $0.takeEnd(of: number)
        }
        try checkAfter(step, "the result of \(name)")
        driving.calls[name]?.hasResult = true
        try check(end, step, ["returns", "throws"], "the result of \(name)")
    }

    private func expectTold(by name: String, _ step: Step, _ adapter: AdapterProcess) async throws {
        let number = try number(of: name)
        if let seconds = step.members["nothing"] {
            return try await expectNothing(
                "what \(name) tells", for: .seconds(self.seconds(seconds)), adapter
            ) { $0.takeTold(of: number) }
        }
        let told = try await next("what \(name) tells", within: try patience(of: step), adapter) {
            $0.takeTold(of: number)
        }
        try checkAfter(step, "what \(name) told")
        guard step.members["notice"] == nil, step.members["ended"] == nil else {
            return try check(told, step, ["notice", "ended"], "what \(name) told")
        }
        let members = step.members.filter { $0.key != "within" && $0.key != "after" }
        try match(.object(members), told["told"] ?? told, "what \(name) told")
    }

    /// Waits for so long, and fails if something comes.
    private func expectNothing(
        _ what: String, for time: Duration, _ adapter: AdapterProcess,
        _ find: @escaping @Sendable (inout AdapterOutput) -> JSONValue?
    ) async throws {
        if let found = try? await adapter.output.wait(until: .now + time, { output, _ in find(&output) }) {
            throw Difference("\(what) came", expected: "nothing", got: shortened(found.text))
        }
        try checkContract(adapter)
    }

    private func number(of name: String) throws -> Int {
        guard let call = driving.calls[name] else { throw Difference("the case has made no call \(name)") }
        return call.number
    }

    /// Compares a line of the adapter with the one of these patterns that the step has.
    private func check(_ line: JSONValue, _ step: Step, _ kinds: [String], _ what: String) throws {
        guard let kind = kinds.first(where: { step.members[$0] != nil }), let pattern = step.members[kind] else {
            throw Difference("the case says nothing of \(what)", expected: kinds.joined(separator: " or "))
        }
        guard let value = line[kind] else {
            let expected = try JSONValue.object([kind: patterns.variables.value(pattern)]).text
            throw Difference("\(what) is of another kind", expected: expected, got: shortened(line.text))
        }
        try match(pattern, value, what)
    }

    // MARK: - What the adapter says

    private func next<Found: Sendable>(
        _ what: String, within patience: Duration, _ adapter: AdapterProcess,
        _ find: @Sendable (inout AdapterOutput) -> Found?
    ) async throws -> Found {
        do {
            return try await adapter.output.wait(until: .now + patience) { output, _ in
                // What came before a fault counts.
                let found = find(&output)
                if found == nil, let fault = output.fault { throw fault }
                return found
            }
        } catch Inbox<AdapterOutput>.Silence.late {
            throw Difference("\(what) did not come within \(inSeconds(patience))", got: lastWords(adapter))
        } catch Inbox<AdapterOutput>.Silence.ended {
            throw Difference("the adapter ended before \(what) came", got: lastWords(adapter))
        }
    }

    private func lastWords(_ adapter: AdapterProcess) -> String {
        let words = adapter.output.content.lastErrors
        return words.isEmpty ? "nothing" : "on standard error: \(words)"
    }

    func checkContract(_ adapter: AdapterProcess) throws {
        if let fault = adapter.output.content.fault { throw fault }
    }

    /// Makes a call that the case does not have.
    func ask(_ verb: String, _ adapter: AdapterProcess, within time: Duration) async throws {
        let call = adapter.begin(verb)
        _ = try await next("the result of \(verb)", within: time, adapter) { $0.takeEnd(of: call) }
    }
}
