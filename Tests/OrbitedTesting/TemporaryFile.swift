import Foundation

/// A file with a name of its own, for as long as a test holds it.
public final class TemporaryFile: Sendable {
    /// Where it is.
    public let path: String

    /// Writes the file.
    public init(_ content: String) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "orbited-\(UUID().uuidString)").path()
        try Data(content.utf8).write(to: URL(filePath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
