/// Two texts at the place where they begin to differ.
struct Comparison {
    /// More of a text is not shown.
    private static let width = 88
    /// How much of what is the same is shown before the difference.
    private static let before = 30

    /// The two lines, with a mark where they differ in a third; nil if there is nothing to compare.
    static func lines(expected: String, got: String) -> [String] {
        guard !expected.isEmpty || !got.isEmpty else { return [] }
        let (left, right) = (Array(shown(expected)), Array(shown(got)))
        let same = zip(left, right).prefix { $0 == $1 }.count
        let start = same > before ? same - before : 0
        var lines = ["expected: \(cut(left, from: start))", "got:      \(cut(right, from: start))"]
        if same < max(left.count, right.count), !left.isEmpty, !right.isEmpty {
            lines.append(String(repeating: " ", count: 10 + same - start + (start > 0 ? 1 : 0)) + "^ here")
        }
        return lines
    }

    private static func cut(_ text: [Character], from start: Int) -> String {
        let rest = text.dropFirst(start)
        return (start > 0 ? "…" : "") + String(rest.prefix(width)) + (rest.count > width ? "…" : "")
    }

    /// The text on one line, with its control characters visible.
    private static func shown(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    result += "\\u{" + String(scalar.value, radix: 16) + "}"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
