import Foundation

/// Files of the repository that tests compare the code with.
public enum Repository {
    /// The folder above this file that holds the specification.
    public static let root: URL = {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path() != "/", !FileManager.default.fileExists(atPath: folder.appending(path: "protocol").path()) {
            folder.deleteLastPathComponent()
        }
        return folder
    }()

    /// Reads a file of JSON, by its path from the root.
    public static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(contentsOf: root.appending(path: path)))
    }

    /// All vectors of one folder of the conformance suite.
    public static func vectors<Vector: Decodable>(_ type: Vector.Type, in folder: String) throws -> [Vector] {
        let path = "conformance/vectors/\(folder)"
        return try FileManager.default.contentsOfDirectory(atPath: root.appending(path: path).path()).sorted()
            .filter { $0.hasSuffix(".json") }
            .flatMap { try read([Vector].self, from: "\(path)/\($0)") }
    }
}
