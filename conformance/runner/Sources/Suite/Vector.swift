import Foundation

/// One vector of `conformance/vectors`, and what its cases have from it.
struct Vector {
    let value: JSONValue
    /// Its file, relative to the folder `conformance`.
    let file: String
    let registry: Registry
    let specification: Requirements

    var id: String { value["id"]?.string ?? "" }

    /// The case's name: the vector's, with that of its folder before it.
    var name: String { "\(file.prefix { $0 != "." }.split(separator: "/").dropLast().joined(separator: "/"))/\(id)" }

    func fault(_ text: String) -> UsageError { UsageError("\(file): \(id): \(text)") }

    /// A case of the vector with these steps.
    ///
    /// - Parameter features: those that it needs besides the vector's own.
    func makeCase(
        _ suffix: String = "", features: [String], settings: [String: String] = [:], requirements: [String]? = nil,
        cut isCut: Bool, steps: [Step]
    ) -> Case {
        let requirements = requirements ?? self.requirements
        let known = requirements.compactMap { specification[$0] }
        let levels = known.compactMap(\.level)
        return Case(
            kind: .server, file: file, id: name + suffix, requirements: requirements,
            level: Case.Level.allCases.first(where: levels.contains) ?? .must,
            quote: known.first?.text ?? "", description: value["description"]?.string ?? "",
            features: features + (value["features"]?.array ?? []).compactMap(\.string), settings: settings,
            isCut: isCut, steps: steps)
    }

    var requirements: [String] { (value["requirements"]?.array ?? []).compactMap(\.string) }

    /// The bytes of a piece, as a step has them.
    func bytes(of piece: JSONValue) throws -> JSONValue {
        if let text = piece["text"]?.string { return .literal(text) }
        if piece["base64"] != nil { return piece }
        if let text = piece["repeat"]?["text"]?.string, let count = piece["repeat"]?["count"] {
            return .object(["repeat": .object(["text": .literal(text), "count": count])])
        }
        throw fault("there is a piece that is neither text, base64 nor repeat: \(piece.text)")
    }

    /// The bytes themselves of a piece without repetitions.
    func rawBytes(of piece: JSONValue) throws -> [UInt8] {
        if let text = piece["text"]?.string { return Array(text.utf8) }
        if let text = piece["base64"]?.string, let data = Data(base64Encoded: text) { return Array(data) }
        if let text = piece["repeat"]?["text"]?.string, let count = piece["repeat"]?["count"]?.number {
            return Array(String(repeating: text, count: Int(count)).utf8)
        }
        throw fault("there is a piece that is neither text, base64 nor repeat: \(piece.text)")
    }
}

extension JSONValue {
    /// Text of a case that stands for itself, also if it has dollar signs.
    static func literal(_ text: String) -> JSONValue { .string(text.replacing("$", with: "$$")) }

    /// Bytes of a case: text if they are UTF-8.
    static func bytes(_ bytes: some Collection<UInt8>) -> JSONValue {
        if let text = String(validating: bytes, as: UTF8.self) { return .literal(text) }
        return .object(["base64": .string(Data(bytes).base64EncodedString())])
    }
}
