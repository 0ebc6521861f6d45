import Foundation

/// Files of JSON.
enum FileList {
    /// The JSON files of a folder in the order of their names; none if there is no such folder.
    static func json(in folder: URL) throws -> [URL] {
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "json" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
        } catch {
            throw UsageError("\(folder.path) can't be listed: \(error.localizedDescription)")
        }
    }

    /// The value of a file.
    ///
    /// - Throws: ``UsageError`` that says where the file is, and what is wrong with it.
    static func read(_ file: URL) throws -> JSONValue {
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw UsageError("\(file.path) can't be read: \(error.localizedDescription)")
        }
        do {
            return try JSONValue(parsing: data)
        } catch {
            throw UsageError("\(file.path) is not JSON: \(error)")
        }
    }

    static func text(_ file: URL) throws -> String {
        do {
            return try String(contentsOf: file, encoding: .utf8)
        } catch {
            throw UsageError("\(file.path) can't be read: \(error.localizedDescription)")
        }
    }
}
