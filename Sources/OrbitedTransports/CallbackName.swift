/// The name of a function in a page, as a request may give it. [JSP-3]
public enum CallbackName {
    /// The longest name in bytes.
    public static let maxLength = 128

    /// Whether it is identifiers of ASCII with dots between them, so that nothing else can be smuggled into a script.
    public static func isValid(_ name: String) -> Bool {
        guard name.utf8.count <= maxLength else { return false }
        return name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.first else { return false }
            return !isDigit(first) && part.allSatisfy { isDigit($0) || isLetter($0) }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "$"):
            true
        default: false
        }
    }
}
