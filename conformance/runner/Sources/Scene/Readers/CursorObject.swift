/// The JSON object of one line of `ndjson`, or of one message of `ws`.
///
/// Its members stand in one order and without white space around them [NDJ-3], so it is read as bytes.
enum CursorObject: Hashable {
    case position(String)
    case event(JSONValue, cursor: String)
    case gap(cursor: String)
    case heartbeat
    case closed(String, reason: String?)

    init(_ bytes: ArraySlice<UInt8>) throws {
        try Self.checkScriptSafe(bytes)
        var rest = bytes
        if bytes.elementsEqual("{}".utf8) {
            self = .heartbeat
        } else if let cursor = try Self.takeCursor(&rest) {
            self = try Self.after(cursor, rest, bytes)
        } else {
            self = try Self.closed(bytes)
        }
    }

    private static func after(_ cursor: String, _ rest: ArraySlice<UInt8>, _ bytes: ArraySlice<UInt8>) throws -> Self {
        if rest.elementsEqual("}".utf8) { return .position(cursor) }
        if rest.elementsEqual(",\"gap\":true}".utf8) { return .gap(cursor: cursor) }
        let name = ",\"data\":"
        guard rest.begins(with: ",\"data\":"), rest.last == UInt8(ascii: "}") else {
            throw Violation("the object with a cursor is neither a position, an event nor a gap [NDJ-6]", bytes)
        }
        guard let value = try? JSONValue(parsing: rest.dropFirst(name.utf8.count).dropLast()) else {
            throw Violation("the data of an event is no JSON [NDJ-4]", bytes)
        }
        return .event(value, cursor: cursor)
    }

    /// Takes `{"cursor":"C"` off the front; nil if it does not begin so.
    static func takeCursor(_ bytes: inout ArraySlice<UInt8>) throws -> String? {
        let name = "{\"cursor\":\""
        guard bytes.begins(with: "{\"cursor\":\"") else { return nil }
        let rest = bytes.dropFirst(name.utf8.count)
        let cursor = rest.prefix { $0 != UInt8(ascii: "\"") }
        guard Cursor.isValid(cursor), cursor.endIndex < rest.endIndex else {
            throw Violation("the cursor has not 1 to 64 of its characters [BRW-94]", bytes)
        }
        bytes = rest[(cursor.endIndex + 1)...]
        return String(decoding: cursor, as: UTF8.self)
    }

    /// Reads `{"closed":WORD}`, the words of which are known, and `{"closed":"closed","reason":REASON}`.
    static func closed(_ bytes: ArraySlice<UInt8>) throws -> Self {
        for word in ["replaced", "shutdown"] where bytes.elementsEqual("{\"closed\":\"\(word)\"}".utf8) {
            return .closed(word, reason: nil)
        }
        let beginning = "{\"closed\":\"closed\",\"reason\":"
        guard bytes.begins(with: "{\"closed\":\"closed\",\"reason\":\""), bytes.last == UInt8(ascii: "}"),
            let reason = (try? JSONValue(parsing: bytes.dropFirst(beginning.utf8.count).dropLast()))?.string
        else { throw Violation("the object is none of the transport's, as they are written", bytes) }
        return .closed("closed", reason: reason)
    }

    /// What must be escaped in values, so that they are safe in scripts and on lines [BRW-72] [NDJ-4] [NDJ-13].
    static func checkScriptSafe(_ bytes: ArraySlice<UInt8>) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Violation("the object is not valid UTF-8", bytes)
        }
        let forbidden: Set<Unicode.Scalar> = ["<", ">", "&", "\u{2028}", "\u{2029}", "\u{85}", "\r", "\n"]
        guard let scalar = text.unicodeScalars.first(where: forbidden.contains) else { return }
        let number = String(scalar.value, radix: 16, uppercase: true)
        throw Violation(
            "the object holds U+\(String(repeating: "0", count: 4 - number.count))\(number) unescaped", bytes)
    }
}

/// The order of the objects of one response: a position or gap first, and nothing after the word that it is over.
struct CursorOrder {
    private var hasPosition = false
    private(set) var isOver = false

    mutating func take(_ object: CursorObject, _ bytes: ArraySlice<UInt8>) throws {
        guard !isOver else { throw Violation("something came after the word that the response is over", bytes) }
        switch object {
        case .heartbeat: break
        case .position, .gap: hasPosition = true
        case .closed: isOver = true
        case .event:
            guard hasPosition else {
                throw Violation("an event came before the position or a gap [BRW-102]", bytes)
            }
        }
    }
}

extension CursorObject {
    /// As a case expects it.
    var item: JSONValue {
        switch self {
        case .position(let cursor): Item.position(cursor)
        case .event(let data, let cursor): Item.event(data, cursor: cursor)
        case .gap(let cursor): Item.gap(cursor: cursor)
        case .heartbeat: Item.heartbeat
        case .closed(let word, let reason): Item.closed(word, reason: reason)
        }
    }
}
