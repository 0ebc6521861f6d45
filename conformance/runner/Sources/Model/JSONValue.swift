import Foundation

/// A JSON value, as cases and adapters hold them.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue {
    /// Reads one JSON text in UTF-8.
    ///
    /// - Throws: an error that says where it is not JSON.
    package init(parsing bytes: some Collection<UInt8>) throws {
        var parser = JSONParser(bytes)
        self = try parser.parse()
    }

    /// As JSON text on one line, with its members in order.
    package var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { return "\(self)" }
        return String(decoding: data, as: UTF8.self)
    }

    /// A member of an object; nil if it is not there, or this is no object.
    package subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// Its value if it is text.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// Its value if it is a number.
    package var number: Double? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    /// Its value if it is true or false.
    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// Its value if it is a list.
    package var array: [JSONValue]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    /// Its value if it is an object.
    package var object: [String: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}

extension JSONValue: Encodable {
    /// Encodes it; whole numbers have no fraction.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value):
            if let whole = Int64(exactly: value) { try container.encode(whole) } else { try container.encode(value) }
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
