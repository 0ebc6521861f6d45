// The server's process.
extension Scene {
    func commandServer(_ step: Step) async throws {
        guard let server = surroundings.server else { throw Difference("the suite has not started the server") }
        switch try text(step.subject) {
        case "stop": try await server.stop()
        case "kill": try await server.kill()
        case "start": try await server.start()
        case let word: throw Difference("the case has `\(word)` for the server, which is none of stop, kill and start")
        }
    }

    func expectExit(_ step: Step) async throws {
        guard let server = surroundings.server else { throw Difference("the suite has not started the server") }
        let patience = try patience(of: step)
        guard let status = await server.exitStatus(within: patience) else {
            throw Difference("the server has not ended within \(inSeconds(patience))")
        }
        try checkAfter(step, "the end of the server")
        try match(step.subject, ["status": .number(Double(status))], "the end of the server")
    }
}
