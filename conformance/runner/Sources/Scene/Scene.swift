/// Runs a trial to its end.
package func run(_ trial: Trial, in surroundings: Surroundings) async -> Outcome {
    await Scene(trial, in: surroundings).run()
}

/// One run of a case: its variables, its connections by their names, and its clock.
actor Scene {
    let trial: Trial
    let surroundings: Surroundings
    var patterns = Patterns()
    /// The connections that the suite has made to a server.
    var links: [String: Link] = [:]
    /// Those whose names were given to others; they stay open.
    var formerLinks: [Link] = []
    /// When the last step was done, which is when this one began.
    var lastDone = ContinuousClock.now
    var serving = Serving()
    var driving = Driving()

    init(_ trial: Trial, in surroundings: Surroundings) {
        self.trial = trial
        self.surroundings = surroundings
    }

    func run() async -> Outcome {
        var outcome = Outcome.passed
        do {
            try setVariables()
            try await beginDriving()
        } catch {
            outcome = .failed(Self.difference(error))
        }
        lastDone = .now
        for (index, step) in trial.theCase.steps.enumerated() where outcome == .passed {
            do {
                for repetition in step.repetitions {
                    try await perform(repetition)
                    lastDone = .now
                }
            } catch {
                var difference = Self.difference(error)
                difference.step = index
                difference.stepText = shortened(step.text, to: 400)
                outcome = .failed(difference)
            }
        }
        if outcome == .passed {
            do { try await endWell() } catch { outcome = .failed(Self.difference(error)) }
        }
        await endServing()
        await surroundings.adapter?.end(patience: scaled(5))
        for link in Array(links.values) + formerLinks { await link.connection.close() }
        return outcome
    }

    /// The values of `for` may hold the other variables.
    private func setVariables() throws {
        let (host, port) = (surroundings.host, surroundings.httpPort)
        var variables = Variables([
            "user": Self.newUser(),
            "control.host": host,
            "control.port": "\(surroundings.controlPort)",
            "http.port": "\(port)",
            "http.origin": "http://\(host):\(port)",
        ])
        if let port = surroundings.adminPort { variables["admin.port"] = .string("\(port)") }
        let values = try trial.variables.mapValues { JSONValue.string(try variables.text($0)) }
        variables.merge(values)
        patterns = Patterns(variables)
    }

    private static func newUser() -> String {
        "u" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
    }
}

// MARK: - The verbs

extension Scene {
    private func perform(_ step: Step) async throws {
        switch step.verb {
        case .listen, .accept, .respond, .upgrade: try await serve(step)
        case .request where step.members["on"] != nil: try await serve(step)
        case .expect where step.members["frame"] != nil || step.members["gone"] != nil: try await serve(step)
        case .call, .result, .told: try await drive(step)
        case .open: try await open(step)
        case .wait: try await Task.sleep(for: .seconds(seconds(step.subject)))
        case .server: try await commandServer(step)
        case .exited: try await expectExit(step)
        case .request: try await request(step)
        case .browse: try await browse(step)
        case .say, .expect, .send, .event, .frame, .shut, .reset, .pause, .resume, .close:
            let name = try text(step.subject)
            guard let link = links[name] else { return try await serve(step) }
            try await perform(step, on: link)
        }
    }

    private func perform(_ step: Step, on link: Link) async throws {
        switch step.verb {
        case .say: try await say(step, on: link)
        case .expect: try await expect(step, of: link)
        default: try await control(step, link)
        }
    }
}

// MARK: - Members of steps, with their variables

extension Scene {
    func text(_ value: JSONValue) throws -> String {
        guard case .string(let text) = value else { throw Difference("the case has no text here", got: value.text) }
        return try patterns.variables.text(text)
    }

    /// A member that is text; nil if it is not there.
    func text(_ name: String, of step: Step) throws -> String? {
        guard let value = step.members[name] else { return nil }
        if case .number = value { return value.text }
        return try text(value)
    }

    func bytes(_ name: String, of step: Step) throws -> [UInt8]? {
        guard let value = step.members[name] else { return nil }
        return try patterns.variables.bytes(value)
    }

    /// A list of pairs of text.
    func headers(of step: Step) throws -> [Frame.Header] {
        try (step.members["headers"]?.array ?? []).map { pair in
            guard let pair = pair.array, pair.count == 2 else {
                throw Difference("headers of a case are a list of pairs", got: pair.text)
            }
            return Frame.Header(name: try text(pair[0]), value: try text(pair[1]))
        }
    }

    /// A time before it is scaled: a number, or text that is one.
    func seconds(_ value: JSONValue) throws -> Double {
        if let number = value.number { return number }
        guard let number = Double(try text(value)) else {
            throw Difference("the case has no number of seconds here", got: value.text)
        }
        return number
    }

    func scaled(_ seconds: Double) -> Duration { .seconds(seconds * surroundings.scale) }

    /// How long a peer has to take what is sent.
    var patienceInSending: Duration { scaled(30) }

    /// How long a step may wait: its `within`, or 5 seconds, and not less than after its `after`.
    func patience(of step: Step) throws -> Duration {
        let after = try step.members["after"].map(seconds) ?? 0
        return scaled(try step.members["within"].map(seconds) ?? after + 5)
    }

    func deadline(of step: Step) throws -> ContinuousClock.Instant { lastDone + (try patience(of: step)) }

    /// A step that says `after` must not have been done earlier.
    func checkAfter(_ step: Step, _ what: String) throws {
        guard let after = step.members["after"] else { return }
        let (least, passed) = (Duration.seconds(try seconds(after)), ContinuousClock.now - lastDone)
        guard passed >= least else {
            throw Difference(
                "\(what) came too early", expected: "not before \(inSeconds(least))", got: "after \(inSeconds(passed))")
        }
    }

    /// How the step's bytes are cut.
    func cut(of step: Step) -> Trial.Cut { step.members["cut"] == .bool(false) ? .whole : trial.cut }
}
