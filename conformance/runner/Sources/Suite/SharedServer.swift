/// A server of a group, which is started anew when it has died.
actor SharedServer {
    /// A server from its start to its end.
    struct Life: Sendable {
        fileprivate let number: Int
        fileprivate let process: ServerProcess
        let surroundings: Surroundings
    }

    private let command: ServerCommand
    private let settings: [String: String]
    private let scale: Double
    /// The number of the life that was begun last.
    private var number = 0
    /// The start of that life; nil if it has ended, or could not begin.
    private var current: Task<Life, any Error>?

    init(_ command: ServerCommand, settings: [String: String], scale: Double) {
        self.command = command
        self.settings = settings
        self.scale = scale
    }

    /// The server, which is started if it does not run.
    ///
    /// - Throws: ``UnreachableError`` if it can't be started.
    func life() async throws -> Life {
        while true {
            let start = current ?? begin()
            let begun = number
            let life: Life
            do {
                life = try await start.value
            } catch {
                if number == begun { current = nil }
                throw error
            }
            if await death(of: life) == nil { return life }
        }
    }

    private func begin() -> Task<Life, any Error> {
        number += 1
        let start = Task { [number, command, settings, scale] in
            let process = try await ServerProcess.start(command, settings: settings)
            return Life(number: number, process: process, surroundings: process.surroundings(scale: scale))
        }
        current = start
        return start
    }

    /// How a life ended; nil if it goes on.
    ///
    /// - Parameter patience: how long to wait for it to end.
    func death(of life: Life, patience: Duration = .zero) async -> String? {
        guard let death = await life.process.death(within: patience) else { return nil }
        if number == life.number { current = nil }
        return death
    }

    func end() async { try? await current?.value.process.end() }
}
