/// Reads JSON text as RFC 8259 has it, and nothing else; Foundation's decoder takes lists that end with a comma.
struct JSONParser {
    /// Why text is not JSON.
    struct Failure: Error, Hashable, CustomStringConvertible {
        var sentence: String
        /// Of the byte at which it shows, from 0.
        var offset: Int

        var description: String { "\(sentence) at byte \(offset)" }
    }

    /// Deeper text is refused, so that it can't use up the stack.
    private static let mostDepth = 2_000

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: some Collection<UInt8>) { self.bytes = Array(bytes) }

    /// Reads the one value that is there.
    ///
    /// - Throws: ``Failure``
    mutating func parse() throws -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw failure("something stands behind the JSON text") }
        return value
    }

    private func failure(_ sentence: String) -> Failure { Failure(sentence: sentence, offset: position) }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws -> JSONValue {
        guard depth <= Self.mostDepth else { throw failure("the JSON text is nested too deep") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw failure("there is no JSON value") }
        position += word.utf8.count
        return value
    }

    private mutating func array(_ depth: Int) throws -> JSONValue {
        position += 1
        skipSpace()
        var items: [JSONValue] = []
        if take("]") { return .array(items) }
        repeat {
            items.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw failure("a list goes on with neither a comma nor its end") }
        return .array(items)
    }

    private mutating func object(_ depth: Int) throws -> JSONValue {
        position += 1
        skipSpace()
        var members: [String: JSONValue] = [:]
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("an object has a member without a name") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw failure("a name of a member has no colon behind it") }
            members[name] = try value(depth: depth + 1)
            skipSpace()
        } while take(",")
        guard take("}") else { throw failure("an object goes on with neither a comma nor its end") }
        return .object(members)
    }
}

// MARK: - Numbers and strings

extension JSONParser {
    private mutating func number() throws -> Double {
        let begin = position
        _ = take("-")
        if !take("0") { try digits("there is no JSON value") }
        if take(".") { try digits("a fraction has no digits") }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits("an exponent has no digits")
        }
        let text = String(decoding: bytes[begin..<position], as: UTF8.self)
        // [BRW-76] A server need not take it for JSON.
        guard let number = Double(text), number.isFinite else { throw failure("a number is beyond a double") }
        return number
    }

    private mutating func digits(_ sentence: String) throws {
        let begin = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > begin else { throw failure(sentence) }
    }

    private mutating func string() throws -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: text, as: UTF8.self) else { throw failure("a string is not UTF-8") }
                return text
            case UInt8(ascii: "\\"): text += try escape()
            case ..<0x20: throw failure("a string has a control character")
            default: text.append(byte)
            }
        }
        throw failure("a string has no end")
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F, UInt8(ascii: "b"): 0x08,
        UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]

    private mutating func escape() throws -> [UInt8] {
        guard let byte = next else { throw failure("a string has no end") }
        position += 1
        if let character = Self.escapes[byte] { return [character] }
        guard byte == UInt8(ascii: "u") else { throw failure("there is no such escape") }
        let unit = try hexadecimal()
        guard (0xD800...0xDBFF).contains(unit) else {
            guard let scalar = Unicode.Scalar(unit) else { throw failure("a surrogate stands alone") }
            return Array(String(scalar).utf8)
        }
        guard take("\\"), take("u") else { throw failure("a surrogate stands alone") }
        let low = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw failure("a surrogate stands alone") }
        return Array(String(scalar).utf8)
    }

    private mutating func hexadecimal() throws -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw failure("an escape has not four hexadecimal digits") }
        position += 4
        return unit
    }
}
