import Foundation
import NIOCore

/// Files of the repository that tests compare the code with.
enum Repository {
    /// The folder above this file that holds the specification.
    static let root: URL = {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path() != "/", !FileManager.default.fileExists(atPath: folder.appending(path: "protocol").path()) {
            folder.deleteLastPathComponent()
        }
        return folder
    }()

    static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(contentsOf: root.appending(path: path)))
    }

    /// All vectors of one folder of the conformance suite.
    static func vectors<Vector: Decodable>(_ type: Vector.Type, in folder: String) throws -> [Vector] {
        let path = "conformance/vectors/\(folder)"
        return try FileManager.default.contentsOfDirectory(atPath: root.appending(path: path).path()).sorted()
            .filter { $0.hasSuffix(".json") }
            .flatMap { try read([Vector].self, from: "\(path)/\($0)") }
    }
}

/// Some bytes of a vector.
struct Piece: Decodable {
    let bytes: [UInt8]

    private struct Repeat: Decodable {
        let text: String
        let count: Int
    }

    private enum CodingKeys: CodingKey { case text, base64, `repeat` }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let text = try container.decodeIfPresent(String.self, forKey: .text) {
            bytes = Array(text.utf8)
        } else if let data = try container.decodeIfPresent(Data.self, forKey: .base64) {
            bytes = Array(data)
        } else {
            let part = try container.decode(Repeat.self, forKey: .repeat)
            bytes = Array(repeatElement(Array(part.text.utf8), count: part.count).joined())
        }
    }
}

extension [Piece] {
    var bytes: [UInt8] { flatMap(\.bytes) }
}
