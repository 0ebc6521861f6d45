extension StringProtocol {
    /// The text with `%XX` decoded; `nil` when a `%` is not followed by two hexadecimal digits, or when the result is
    /// not UTF-8. [BRW-27]
    ///
    /// - Parameter plusIsSpace: whether `+` stands for a space, as it does in queries and forms.
    func percentDecoded(plusIsSpace: Bool = false) -> String? {
        var text = Substring(self)
        return text.withUTF8 { $0[...].percentDecoded(plusIsSpace: plusIsSpace) }
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// The same for bytes.
    func percentDecoded(plusIsSpace: Bool) -> String? {
        // Nearly always, and then there is nothing to be decoded, and nothing to be validated.
        guard contains(where: { $0 >= 0x80 || $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(decoding: self, as: UTF8.self)
        }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { decoded in
            var rest = self
            var length = 0
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "%"):
                    guard let high = rest.popFirst()?.hexadecimalValue, let low = rest.popFirst()?.hexadecimalValue
                    else { return nil }
                    decoded[length] = high << 4 | low
                case UInt8(ascii: "+") where plusIsSpace:
                    decoded[length] = UInt8(ascii: " ")
                default:
                    decoded[length] = byte
                }
                length += 1
            }
            return String(validating: decoded[..<length], as: UTF8.self)
        }
    }
}

extension UInt8 {
    fileprivate var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
