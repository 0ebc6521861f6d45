/// Reading header lines in place, without a `String` each.
extension UnsafeRawBufferPointer {
    /// The index of the first `mark` that is followed by a space.
    func firstSeparator(_ mark: UInt8) -> Int? {
        var from = startIndex
        while let index = self[from...].firstIndex(of: mark), index + 1 < endIndex {
            if self[index + 1] == UInt8(ascii: " ") { return index }
            from = index + 1
        }
        return nil
    }

    /// The index of the first `mark` from there on.
    func firstIndex(of mark: UInt8, from start: Int) -> Int? {
        var index = start
        while index < count, self[index] != mark { index += 1 }
        return index < count ? index : nil
    }

    /// Whether the bytes are this text.
    func equals(_ text: StaticString) -> Bool { count == text.utf8CodeUnitCount && agrees(with: text) }

    /// Whether the bytes and the text are the same as far as the shorter of them goes.
    func agrees(with text: StaticString) -> Bool {
        for index in 0..<Swift.min(count, text.utf8CodeUnitCount) where self[index] != text.utf8Start[index] {
            return false
        }
        return true
    }

    /// Whether the bytes are `name`, which is lower-case ASCII, in any case.
    func equalsIgnoringCase(_ name: StaticString) -> Bool {
        name.withUTF8Buffer { equalsIgnoringCase($0) }
    }

    /// The same for a name that is not a literal.
    func equalsIgnoringCase(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { equalsIgnoringCase($0) }
    }

    private func equalsIgnoringCase(_ lower: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == lower.count else { return false }
        for index in 0..<count {
            let byte = self[index]
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            if (isUpper ? byte | 0x20 : byte) != lower[index] { return false }
        }
        return true
    }

    /// The decimal number that the bytes spell with digits alone, or `nil` if they don't or it is above `most`.
    func decimal(atMost most: Int) -> Int? {
        guard !isEmpty else { return nil }
        var number = 0
        for byte in self {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
            if number > most { return nil }
        }
        return number
    }
}
