import OrbitedJSON
import OrbitedTesting

extension SeededGenerator {
    /// Pieces that are likely to upset an escaper.
    private static let pieces = [
        "<", ">", "&", "\u{2028}", "\u{2029}", "\u{2027}", "\u{202a}", "\"", "\\", "/", "\0", "\n", "\r\n", "\u{1f}",
        "\u{7f}",
        "é", "e\u{301}", "😀", "\u{fffd}", "\u{10ffff}", "</script>", "<!--", "]]>", "\\u003c", "a",
    ]

    mutating func string() -> String {
        (0..<Int.random(in: 0...8, using: &self)).map { _ in Self.pieces.randomElement(using: &self) ?? "" }.joined()
    }

    mutating func bytes(upTo count: Int) -> [UInt8] {
        (0..<Int.random(in: 0...count, using: &self)).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    }

    /// Bytes that often are nearly JSON.
    mutating func tokens(upTo count: Int) -> [UInt8] {
        let tokens = [
            "[", "]", "{", "}", ",", ":", "\"", "\\", "1", "-0", ".5", "e9", "true", "null", " ", "\n", "\0", "<", "é",
        ]
        return (0..<Int.random(in: 0...count, using: &self)).flatMap { _ in
            Array((tokens.randomElement(using: &self) ?? "").utf8)
        }
    }

    mutating func double() -> FiniteDouble {
        FiniteDouble(Double(bitPattern: next())) ?? 0.5
    }

    /// Any value with at most `depth` levels of arrays and objects.
    mutating func value(depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &self) {
        case 0: return .null
        case 1: return .boolean(.random(using: &self))
        case 2: return .integer(.random(in: .min ... .max, using: &self))
        case 3: return .number(double())
        case 4: return .string(string())
        case 5: return .array((0..<Int.random(in: 0...4, using: &self)).map { _ in value(depth: depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...4, using: &self) {
                // U+0000 can be written in a name, but not read.
                object.set(String(string().filter { $0 != "\0" }), to: value(depth: depth - 1))
            }
            return .object(object)
        }
    }
}
