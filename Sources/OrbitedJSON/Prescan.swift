/// What is checked before libjansson sees a text, since it can't be told to.
///
/// Strings are told from the rest as far as the text is JSON; where it stops being JSON, libjansson stops too.
enum Prescan {
    /// Refuses NUL bytes (libjansson takes one between tokens for nothing, or for the text's end) and nesting deeper
    /// than `maximumDepth` (libjansson recurses, and its own limit is compiled in).
    static func check(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int) throws(JSONError) {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0:
                throw JSONError(
                    .invalidSyntax, "a NUL byte can't stand in JSON", atEndOf: bytes.prefix(through: index).rebased)
            case _ where isEscaped:
                isEscaped = false
            case UInt8(ascii: "\\"):
                isEscaped = isInString
            case UInt8(ascii: "\""):
                isInString.toggle()
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                guard !isInString else { continue }
                depth += 1
                guard depth <= maximumDepth else {
                    throw JSONError(
                        .tooDeep, "arrays and objects are nested more than \(maximumDepth) deep",
                        atEndOf: bytes.prefix(through: index).rebased)
                }
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if !isInString { depth -= 1 }
            default:
                continue
            }
        }
    }
}

extension Slice<UnsafeRawBufferPointer> {
    /// The same bytes as a buffer that counts from 0.
    var rebased: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self) }
}
