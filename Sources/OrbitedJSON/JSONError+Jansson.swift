internal import CJansson

extension JSONError {
    /// libjansson's error in our codes and words.
    init(_ error: json_error_t) {
        // The last byte of libjansson's text is the number of the kind of fault.
        let (text, number) = withUnsafeBytes(of: error.text) { bytes in
            (String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self), UInt32(bytes.last ?? 0))
        }
        let phrase = Phrase(text)
        let (code, message) = Self.meaning(of: number, phrase)
        self.init(
            code: code,
            message: message,
            line: max(1, Int(error.line)),
            column: max(1, Int(error.column)),
            offset: max(0, Int(error.position)))
    }

    private static func meaning(of number: UInt32, _ phrase: Phrase) -> (Code, String) {
        switch number {
        case json_error_invalid_syntax.rawValue: (.invalidSyntax, phrase.what + phrase.place)
        case json_error_premature_end_of_input.rawValue: (.truncated, "the text ends too early")
        case json_error_end_of_input_expected.rawValue: (.trailingContent, "something follows the value" + phrase.place)
        case json_error_invalid_utf8.rawValue: (.invalidUTF8, "a byte that is not valid UTF-8 follows")
        case json_error_duplicate_key.rawValue: (.duplicateName, "a name occurs twice in one object" + phrase.place)
        case json_error_null_byte_in_key.rawValue: (.nulInName, "a name in an object holds U+0000" + phrase.place)
        case json_error_numeric_overflow.rawValue: (.numberOutOfRange, "a number is out of range" + phrase.place)
        case json_error_stack_overflow.rawValue: (.tooDeep, "arrays and objects are nested too deep")
        default: (.outOfMemory, "the system gave no memory")
        }
    }
}

/// libjansson's words, such as "unexpected token near ']'", in two parts.
private struct Phrase {
    /// "unexpected token"
    let what: String
    /// " near ']'", or nothing if the token is long or the text's end
    let place: String

    init(_ text: String) {
        let printable = text.unicodeScalars.map(Self.printable).joined()
        let split = printable.firstRange(of: " near ")
        what = String(printable[..<(split?.lowerBound ?? printable.endIndex)])
        place = split.map { String(printable[$0.lowerBound...]) } ?? ""
    }

    /// A quoted token may hold control characters, which must not reach a log.
    private static func printable(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: scalar.escaped(asASCII: true)
        default: String(scalar)
        }
    }
}
