import Foundation

/// Settings of which the registry says that the value is a file: a case has its content, and the server gets its path.
final class SettingFiles: Sendable {
    private static let unit = "file"

    /// The settings with paths in the place of contents.
    let settings: [String: String]
    private let folder: URL?

    /// - Throws: ``UnreachableError`` if a file can't be written.
    init(_ settings: [String: String], registry: Registry) throws {
        let files = settings.filter { registry.settings[$0.key]?.unit == Self.unit }
        guard !files.isEmpty else {
            self.settings = settings
            folder = nil
            return
        }
        let name = "orbited-conformance-\(UUID().uuidString)"
        let folder = FileManager.default.temporaryDirectory.appending(path: name, directoryHint: .isDirectory)
        do {
            // What is in them may be a secret.
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            var changed = settings
            for (name, content) in files {
                let file = folder.appending(path: name)
                try Data(content.utf8).write(to: file)
                changed[name] = file.path
            }
            self.settings = changed
            self.folder = folder
        } catch {
            throw UnreachableError("a file for a setting can't be written: \(error.localizedDescription)")
        }
    }

    deinit {
        if let folder { try? FileManager.default.removeItem(at: folder) }
    }
}
