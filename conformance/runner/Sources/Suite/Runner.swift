/// Runs trials against an implementation.
package struct Runner: Sendable {
    /// Who is tested.
    package enum Subject: Sendable {
        /// A server that runs.
        case server(Surroundings)
        /// Servers that the suite starts.
        case command(ServerCommand)
        /// A client, to which the suite is the server.
        case client
    }

    package struct Options: Sendable {
        /// How many trials are run at a time.
        package var parallel = 32
        /// What the order of the trials is made of.
        package var seed: UInt64 = 0
        /// By what the patience with the implementation is multiplied.
        package var scale = 1.0
        /// How long one trial may take.
        package var timeout: Duration = .seconds(60)
        package var known = KnownFailures()
        /// The file with the library for pages; nil if none is tested.
        package var scriptPath: String?

        package init() {}
    }

    package var subject: Subject
    /// The command of the adapter; one is started for each trial.
    package var adapter: [String]?
    package var features: Features
    package var options: Options
    /// Is told of each result when it is there.
    package var onResult: @Sendable (TrialResult) -> Void = { _ in }
    /// What runs one trial.
    var execute: @Sendable (Trial, Surroundings) async -> Outcome = { await OrbitedConformance.run($0, in: $1) }

    package init(_ subject: Subject, adapter: [String]? = nil, features: Features, options: Options = Options()) {
        self.subject = subject
        self.adapter = adapter
        self.features = features
        self.options = options
    }

    /// Runs the trials.
    ///
    /// - Returns: the results in the order in which the trials were given.
    /// - Throws: ``UnreachableError`` if the server is not reachable, or the first one can't be started.
    package func run(_ trials: [Trial]) async throws -> [TrialResult] {
        let results = Results(options.known, onResult)
        var left: [Trial] = []
        for trial in trials {
            let lacking = features.lacking(of: trial.features)
            if lacking.isEmpty {
                left.append(trial)
            } else {
                results.add(trial, .skipped(lacking: lacking), seconds: 0)
            }
        }
        var generator = SeededGenerator(seed: options.seed)
        let shuffled = left.shuffled(using: &generator)
        try await run(Schedule(shuffled, servers: servers, parallel: options.parallel), results)
        let order = Dictionary(trials.enumerated().map { ($1.name, $0) }) { first, _ in first }
        return results.all.sorted { order[$0.trial.name, default: 0] < order[$1.trial.name, default: 0] }
    }

    private var servers: Schedule.Servers {
        switch subject {
        case .server: .given
        case .command: .started
        case .client: .none
        }
    }

    // MARK: - Groups

    private func run(_ schedule: Schedule, _ results: Results) async throws {
        let slots = Slots(options.parallel)
        switch subject {
        case .server(var surroundings):
            surroundings.scale = options.scale
            try await checkReachable(surroundings)
            for group in schedule.groups {
                await forEach(group.trials, atATime: group.width) { [surroundings] trial in
                    await self.run(trial, results, slots) { surroundings }
                }
            }
        case .client:
            for group in schedule.groups {
                await forEach(group.trials, atATime: group.width) { trial in
                    await self.run(trial, results, slots) {
                        Surroundings(scale: self.options.scale, scriptPath: self.options.scriptPath)
                    }
                }
            }
        case .command(let command):
            try await tryOut(command, schedule)
            await forEach(schedule.groups, atATime: schedule.width) { group in
                await self.run(group, command, results, slots)
            }
        }
    }

    private func checkReachable(_ server: Surroundings) async throws {
        let ports = [("--http", server.httpPort), ("--control", server.controlPort)]
        for (option, port) in ports + (server.adminPort.map { [("--admin", $0)] } ?? []) {
            guard await Reachability.isOpen(host: server.host, port: port) else {
                throw UnreachableError(
                    "nobody takes connections on \(server.host):\(port), which \(option) names; start the server, or "
                        + "have the suite start it: orbited-conformance server -- COMMAND")
            }
        }
    }

    /// Starts one server and ends it, so that a command that can't work ends the run at once.
    private func tryOut(_ command: ServerCommand, _ schedule: Schedule) async throws {
        guard !schedule.groups.isEmpty else { return }
        try await ServerProcess.start(command).end()
    }

    private func run(_ group: Schedule.Group, _ command: ServerCommand, _ results: Results, _ slots: Slots) async {
        let server = SharedServer(command, settings: group.settings, scale: options.scale)
        await forEach(group.trials, atATime: group.width) { trial in
            await self.run(trial, on: server, mayEnd: group.mayEndServer, results, slots)
        }
        await server.end()
    }

    // MARK: - Trials

    private func run(
        _ trial: Trial, on server: SharedServer, mayEnd: Bool, _ results: Results, _ slots: Slots
    ) async {
        await slots.use {
            let start = ContinuousClock.now
            let life: SharedServer.Life
            do {
                life = try await server.life()
            } catch {
                let difference = Difference("the server with the settings of the case can't be started: \(error)")
                return results.add(trial, .failed(difference), seconds: 0)
            }
            var outcome = await execute(trial, withAdapterIn: life.surroundings)
            if !mayEnd, let death = await server.death(of: life, patience: patience(after: outcome)) {
                outcome = .failed(Self.died(death, outcome))
            }
            results.add(trial, outcome, seconds: (ContinuousClock.now - start).inSeconds)
        }
    }

    /// A connection may break before the system tells that its process has ended.
    private func patience(after outcome: Outcome) -> Duration {
        if case .failed = outcome { .milliseconds(200) } else { .zero }
    }

    private static func died(_ death: String, _ outcome: Outcome) -> Difference {
        guard case .failed(var difference) = outcome else {
            return Difference("the server died while the trial ran, with \(death)")
        }
        difference.reason = "the server died while the trial ran, with \(death)\n(\(difference.reason))"
        return difference
    }

    private func run(
        _ trial: Trial, _ results: Results, _ slots: Slots, in surroundings: @Sendable () -> Surroundings
    ) async {
        await slots.use {
            let start = ContinuousClock.now
            let outcome = await execute(trial, withAdapterIn: surroundings())
            results.add(trial, outcome, seconds: (ContinuousClock.now - start).inSeconds)
        }
    }

    private func execute(_ trial: Trial, withAdapterIn surroundings: Surroundings) async -> Outcome {
        var surroundings = surroundings
        do {
            surroundings.adapter = try adapter.map { try AdapterProcess($0) }
        } catch {
            return .failed(Scene.difference(error))
        }
        let outcome = await executeInTime(trial, surroundings)
        await surroundings.adapter?.end(patience: .seconds(5) * options.scale)
        return outcome
    }

    private func executeInTime(_ trial: Trial, _ surroundings: Surroundings) async -> Outcome {
        let done = Inbox<Outcome?>(nil)
        let task = Task { [execute] in
            let outcome = await execute(trial, surroundings)
            done.update { $0 = outcome }
        }
        let timeout = options.timeout * options.scale
        do {
            return try await done.wait(until: .now + timeout) { outcome, _ in outcome }
        } catch {
            task.cancel()
            return .failed(
                Difference("the trial was not done within \(timeout.inSeconds.formatted()) s; see --timeout"))
        }
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
