extension StringProtocol {
    /// The text as a message quotes it: on one line, without control characters, and not longer than a line.
    var quoted: String { "\"\(printable(upTo: 80))\"" }

    /// The text with its control characters written out, cut after `most` characters.
    func printable(upTo most: Int) -> String {
        var text = ""
        for character in unicodeScalars.prefix(most) {
            text += character.isControl ? "\\u{\(String(character.value, radix: 16))}" : String(character)
        }
        return unicodeScalars.dropFirst(most).isEmpty ? text : text + "…"
    }

    /// Whether the text holds what neither a name nor a line of a file can hold.
    var hasControlCharacter: Bool { unicodeScalars.contains(where: \.isControl) }

    /// The text without the spaces and tabs around it.
    var trimmed: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let head = drop(while: isBlank)
        let tail = head.reversed().prefix(while: isBlank).count
        return String(head.dropLast(tail))
    }
}

extension Unicode.Scalar {
    /// Whether this is a C0 or C1 control character, or DEL.
    fileprivate var isControl: Bool { properties.generalCategory == .control }
}
