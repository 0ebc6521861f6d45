/// The ids of a client's frames: each is a prefix and a number, so that a reply finds its call without a search for text.
struct FrameIDs: Sendable {
    let prefix: String

    func text(_ number: Int) -> String { prefix.isEmpty ? String(number) : prefix + String(number) }

    /// The number in an id; nil if it is none of ours.
    func number(_ id: String) -> Int? {
        guard id.utf8.starts(with: prefix.utf8) else { return nil }
        let digits = id.utf8.dropFirst(prefix.utf8.count)
        guard (1...18).contains(digits.count), digits.first != UInt8(ascii: "0") else { return nil }
        var number = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }
}
