/// Reads the body of one transport as items.
protocol ItemReader {
    /// Takes the next item off the front of the body; nil if it has not come in whole.
    ///
    /// - Parameter isComplete: whether nothing more follows.
    /// - Throws: ``Violation`` if the transport forbids what came.
    mutating func next(_ body: inout ArraySlice<UInt8>, isComplete: Bool) throws -> JSONValue?
}

/// Items as cases expect them.
enum Item {
    static let heartbeat: JSONValue = ["heartbeat": true]
    static let end: JSONValue = ["end": true]

    static func event(_ data: JSONValue, cursor: String? = nil) -> JSONValue { with(cursor, ["event": data]) }

    static func position(_ cursor: String) -> JSONValue { ["position": .string(cursor)] }

    static func gap(cursor: String?) -> JSONValue { with(cursor, ["gap": true]) }

    static func closed(_ word: String, reason: String? = nil) -> JSONValue {
        var members: [String: JSONValue] = ["closed": .string(word)]
        members["reason"] = reason.map { .string($0) }
        return .object(members)
    }

    /// A piece of a body that is not read as items.
    static func text(_ bytes: some Collection<UInt8>) -> JSONValue { ["text": text(of: bytes)] }

    /// The value of an event's body: JSON if it can be read as such, and else text.
    static func data(_ body: some Collection<UInt8>) -> JSONValue {
        (try? JSONValue(parsing: body)) ?? text(of: body)
    }

    private static func text(of bytes: some Collection<UInt8>) -> JSONValue {
        .string(String(decoding: bytes, as: UTF8.self))
    }

    private static func with(_ cursor: String?, _ members: [String: JSONValue]) -> JSONValue {
        var members = members
        members["cursor"] = cursor.map { .string($0) }
        return .object(members)
    }
}
