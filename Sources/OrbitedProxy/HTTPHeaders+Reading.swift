import NIOHTTP1

extension HTTPHeaders {
    /// The comma-separated members of all fields of a name, in lower case, without the empty ones.
    func tokens(_ name: String) -> [String] {
        self[name].flatMap { $0.split(separator: ",") }
            .map { member in member.trimming { $0 == " " || $0 == "\t" }.lowercased() }
            .filter { !$0.isEmpty }
    }

    /// Whether every name is a token and no value holds what could end its line.
    ///
    /// Parsers differ in what they let through (a folded line may keep its line end), and the next reader could see two
    /// fields in one.
    var areWellFormed: Bool {
        allSatisfy { name, value in
            !name.isEmpty && name.utf8.allSatisfy(\.isTokenCharacter) && value.utf8.allSatisfy(\.isFieldCharacter)
        }
    }
}

extension StringProtocol {
    /// The text without the characters at its ends that a condition holds for.
    func trimming(_ isBlank: (Character) -> Bool) -> SubSequence {
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
    }

    /// `tchar` of RFC 9110 section 5.6.2.
    fileprivate var isTokenCharacter: Bool {
        isDigit || isLetter || "!#$%&'*+-.^_`|~".utf8.contains(self)
    }

    /// `field-vchar`, blank and tab of RFC 9110 section 5.5.
    fileprivate var isFieldCharacter: Bool {
        self == UInt8(ascii: "\t") || (self >= 0x20 && self != 0x7F)
    }
}
