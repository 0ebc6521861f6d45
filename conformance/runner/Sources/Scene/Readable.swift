/// Bytes for people: printable ASCII as it is, other bytes as `\r`, `\n` or `\xNN`, and long values cut in the middle.
func readable(_ bytes: some Collection<UInt8>, to most: Int = 400) -> String {
    guard bytes.count > most else { return escaped(bytes) }
    let (head, tail) = (most * 2 / 3, most / 3)
    let middle = bytes.count - head - tail
    return "\(escaped(bytes.prefix(head))) … \(grouped(middle)) bytes more … \(escaped(bytes.suffix(tail)))"
}

private func escaped(_ bytes: some Collection<UInt8>) -> String {
    var text = ""
    for byte in bytes {
        switch byte {
        case UInt8(ascii: "\r"): text += "\\r"
        case UInt8(ascii: "\n"): text += "\\n"
        case UInt8(ascii: "\\"): text += "\\\\"
        case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
        default: text += "\\x" + hexadecimal(byte)
        }
    }
    return text
}

/// Text cut in the middle if it is longer than that many characters.
func shortened(_ text: String, to most: Int = 2_000) -> String {
    let count = text.count
    guard count > most else { return text }
    let (head, tail) = (most * 2 / 3, most / 3)
    return "\(text.prefix(head)) … \(grouped(count - head - tail)) characters more … \(text.suffix(tail))"
}

/// A byte as two hexadecimal digits.
func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

/// A number with its thousands apart: `1,234`.
func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
        if index > 0, index % 3 == 0, digit != "-" { text.append(",") }
        text.append(digit)
    }
    return String(text.reversed())
}

/// A time in seconds: `1.25 s`.
func inSeconds(_ time: Duration) -> String {
    let (seconds, attoseconds) = time.components
    let milliseconds = Int(seconds) * 1000 + Int((Double(attoseconds) / 1e15).rounded())
    guard milliseconds % 1000 != 0 else { return "\(milliseconds / 1000) s" }
    var fraction = String(1000 + milliseconds % 1000).dropFirst()
    while fraction.last == "0" { fraction = fraction.dropLast() }
    return "\(milliseconds / 1000).\(fraction) s"
}

extension Difference {
    /// Bytes that differ: from which byte on, and what stands around it.
    static func bytes(_ what: String, expected: some Collection<UInt8>, got: some Collection<UInt8>) -> Difference {
        let offset =
            zip(expected, got).enumerated().first { $1.0 != $1.1 }?.offset ?? Swift.min(expected.count, got.count)
        func byte(_ bytes: some Collection<UInt8>) -> String {
            bytes.dropFirst(offset).first.map { readable([$0]) } ?? "the end"
        }
        func around(_ bytes: some Collection<UInt8>) -> String {
            guard bytes.count > 400, offset > 200 else { return readable(bytes) }
            return "… \(grouped(offset - 100)) bytes … \(readable(bytes.dropFirst(offset - 100)))"
        }
        return Difference(
            "\(what) differ at byte \(grouped(offset)): \(byte(expected)) was expected, and \(byte(got)) came",
            expected: around(expected), got: around(got))
    }
}
