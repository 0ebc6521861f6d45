/// What an adapter says of its library.
package struct AdapterGreeting: Sendable {
    package var name: String
    package var version: String
    package var features: Set<String>

    /// Starts an adapter, asks it, and ends it.
    ///
    /// - Parameter scale: by what the patience with it is multiplied.
    /// - Throws: ``UnreachableError`` if it can't be started, or does not answer as its contract says.
    package static func ask(_ command: [String], scale: Double = 1) async throws -> AdapterGreeting {
        let adapter: AdapterProcess
        do {
            adapter = try AdapterProcess(command)
        } catch let difference as Difference {
            throw UnreachableError("the adapter: \(difference.reason)")
        }
        let greeting = await greeting(of: adapter, within: .seconds(20) * scale)
        let end = await adapter.end(patience: .seconds(5) * scale)
        do {
            return try greeting.get()
        } catch {
            let printed = adapter.output.content.lastErrors
            throw UnreachableError(
                "the adapter \(command.joined(separator: " ")) \(error.text); it has \(end), and printed "
                    + (printed.isEmpty ? "no errors" : "last:\n\(printed)"))
        }
    }

    private struct Silence: Error {
        var text: String
    }

    private static func greeting(
        of adapter: AdapterProcess, within patience: Duration
    ) async -> Result<AdapterGreeting, Silence> {
        let number = adapter.begin("hello")
        let answer: JSONValue
        do {
            answer = try await adapter.output.wait(until: .now + patience) { output, _ in
                if let fault = output.fault { throw fault }
                return output.takeEnd(of: number)
            }
        } catch let fault as Difference {
            return .failure(Silence(text: "breaks its contract: \(fault.reason): \(fault.got)"))
        } catch {
            return .failure(Silence(text: "does not answer hello"))
        }
        guard let name = answer["returns"]?["name"]?.string, let features = answer["returns"]?["features"]?.array else {
            return .failure(Silence(text: "does not answer hello with a name and features, but with \(answer.text)"))
        }
        let names = features.compactMap(\.string)
        guard names.count == features.count else {
            return .failure(Silence(text: "answers hello with features that are not all text: \(answer.text)"))
        }
        let version = answer["returns"]?["version"]?.plainText ?? ""
        return .success(AdapterGreeting(name: name, version: version, features: Set(names)))
    }
}
