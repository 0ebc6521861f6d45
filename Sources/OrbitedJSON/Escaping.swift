/// Which characters of UTF-8 text are written as JSON escapes.
enum Escaping {
    /// What may not stand in a JSON string as it is: `"`, `\` and U+0000 to U+001F.
    case string
    /// The same, and what a script element may not hold: `<`, `>`, `&`, U+2028, U+2029.
    case scriptSafeString
    /// Those five alone, for text that is JSON already: outside its strings they can't occur, and in a string none of
    /// them can be the second half of an escape.
    case scriptSafeText

    fileprivate struct Escape {
        /// What is written.
        let text: StaticString
        /// How many bytes it replaces.
        let length: Int
    }

    /// The escape for the character that begins at `index`, or nothing if it may stand as it is.
    @inline(__always)
    fileprivate func escape(at index: Int, of text: UnsafeRawBufferPointer) -> Escape? {
        let byte = text[index]
        guard Self.mayBegin(byte) else { return nil }
        switch self {
        case .string: return Self.stringEscape(byte)
        case .scriptSafeString: return Self.stringEscape(byte) ?? Self.scriptEscape(byte, at: index, of: text)
        case .scriptSafeText: return Self.scriptEscape(byte, at: index, of: text)
        }
    }

    /// Whether any of the three cases may escape what begins with `byte`: most characters are told by this alone.
    private static func mayBegin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), 0xe2: true
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): true
        default: false
        }
    }

    private static func stringEscape(_ byte: UInt8) -> Escape? {
        switch byte {
        case UInt8(ascii: "\""): Escape(text: #"\""#, length: 1)
        case UInt8(ascii: "\\"): Escape(text: #"\\"#, length: 1)
        case 0..<0x20: Escape(text: controlEscapes[Int(byte)], length: 1)
        default: nil
        }
    }

    private static func scriptEscape(_ byte: UInt8, at index: Int, of text: UnsafeRawBufferPointer) -> Escape? {
        switch byte {
        case UInt8(ascii: "<"): Escape(text: #"\u003c"#, length: 1)
        case UInt8(ascii: ">"): Escape(text: #"\u003e"#, length: 1)
        case UInt8(ascii: "&"): Escape(text: #"\u0026"#, length: 1)
        case 0xe2: lineEscape(text.dropFirst(index).prefix(3))
        default: nil
        }
    }

    /// U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
    private static func lineEscape(_ bytes: Slice<UnsafeRawBufferPointer>) -> Escape? {
        if bytes.elementsEqual([0xe2, 0x80, 0xa8]) { return Escape(text: #"\u2028"#, length: 3) }
        if bytes.elementsEqual([0xe2, 0x80, 0xa9]) { return Escape(text: #"\u2029"#, length: 3) }
        return nil
    }

    /// By code, from U+0000 to U+001F.
    private static let controlEscapes: [StaticString] = [
        #"\u0000"#, #"\u0001"#, #"\u0002"#, #"\u0003"#, #"\u0004"#, #"\u0005"#, #"\u0006"#, #"\u0007"#,
        #"\b"#, #"\t"#, #"\n"#, #"\u000b"#, #"\f"#, #"\r"#, #"\u000e"#, #"\u000f"#,
        #"\u0010"#, #"\u0011"#, #"\u0012"#, #"\u0013"#, #"\u0014"#, #"\u0015"#, #"\u0016"#, #"\u0017"#,
        #"\u0018"#, #"\u0019"#, #"\u001a"#, #"\u001b"#, #"\u001c"#, #"\u001d"#, #"\u001e"#, #"\u001f"#,
    ]
}

extension [UInt8] {
    /// Appends `text`, with the escapes of `escaping`, between quotation marks.
    mutating func appendString(_ text: UnsafeRawBufferPointer, escaping: Escaping) {
        append(UInt8(ascii: "\""))
        append(text, escaping: escaping)
        append(UInt8(ascii: "\""))
    }

    /// Appends `text`, with the escapes of `escaping`.
    mutating func append(_ text: UnsafeRawBufferPointer, escaping: Escaping) {
        var copied = 0
        var index = 0
        while index < text.count {
            guard let escape = escaping.escape(at: index, of: text) else {
                index += 1
                continue
            }
            append(contentsOf: text[copied..<index].rebased)
            escape.text.withUTF8Buffer { append(contentsOf: $0) }
            index += escape.length
            copied = index
        }
        append(contentsOf: text[copied...].rebased)
    }
}
