/// Numbers as a person writes them: digits, and at most one point. No sign, no exponent, no spaces.
enum DecimalText {
    private static let attosecondsDigits = 18
    private static let mostDecimals = 9

    /// The whole number that `text` stands for.
    static func whole(_ text: some StringProtocol) -> Int? {
        isDigits(text) ? Int(text) : nil
    }

    /// The time that `text` seconds stand for, exactly.
    static func seconds(_ text: String) -> Duration? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let seconds = whole(first) else { return nil }
        guard parts.count == 2 else { return .seconds(seconds) }
        guard parts[1].utf8.count <= mostDecimals, isDigits(parts[1]) else { return nil }
        let digits = parts[1] + String(repeating: "0", count: attosecondsDigits - parts[1].utf8.count)
        guard let attoseconds = Int64(digits) else { return nil }
        return Duration(secondsComponent: Int64(seconds), attosecondsComponent: attoseconds)
    }

    /// The seconds of a time as `seconds(_:)` reads them, without zeros at the end.
    static func text(_ time: Duration) -> String {
        let (seconds, attoseconds) = time.components
        guard attoseconds != 0 else { return String(seconds) }
        let digits = String(attoseconds)
        var decimals = String(repeating: "0", count: attosecondsDigits - digits.utf8.count) + digits
        while decimals.last == "0" { decimals.removeLast() }
        return "\(seconds).\(decimals)"
    }

    private static func isDigits(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }
}
