extension SettingKind where Value == Int {
    /// A TCP port; 0 lets the system choose.
    static var port: SettingKind<Int> { number("port", 0...65535) }

    /// How many of something.
    static func count(_ range: ClosedRange<Int>, _ unit: String? = nil) -> SettingKind<Int> {
        number("number", unit: unit, range)
    }

    /// A size: a plain number of bytes, or with K or M for 1024 or 1024² of them.
    static func bytes(_ range: ClosedRange<Int>) -> SettingKind<Int> {
        SettingKind(
            name: "size", unit: "bytes",
            requirement: "a size from \(Bytes.text(range.lowerBound)) to \(Bytes.text(range.upperBound)): "
                + "whole bytes, or with K or M for 1024 or 1024² of them",
            parse: { text in Bytes.value(text).flatMap { range.contains($0) ? $0 : nil } },
            render: Bytes.text)
    }

    private static func number(_ name: String, unit: String? = nil, _ range: ClosedRange<Int>) -> SettingKind<Int> {
        SettingKind(
            name: name, unit: unit,
            requirement: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            parse: { text in DecimalText.whole(text).flatMap { range.contains($0) ? $0 : nil } },
            render: { String($0) })
    }
}

extension SettingKind where Value == Duration {
    /// The longest time that is taken: a year, which every clock and timer can hold.
    private static var longest: Int { 31_536_000 }

    /// A time that may be 0.
    static var seconds: SettingKind<Duration> {
        time("a number of seconds from 0 to \(longest), with at most nine decimals", from: .zero)
    }

    /// A time that may not be 0.
    static var someSeconds: SettingKind<Duration> {
        time("a number of seconds above 0 and up to \(longest), with at most nine decimals", from: .nanoseconds(1))
    }

    private static func time(_ requirement: String, from least: Duration) -> SettingKind<Duration> {
        let range = least...Duration.seconds(longest)
        return SettingKind(
            name: "time", unit: "seconds", requirement: requirement,
            parse: { text in DecimalText.seconds(text).flatMap { range.contains($0) ? $0 : nil } },
            render: DecimalText.text)
    }
}

/// SettingBound as a person writes them.
private enum Bytes {
    private static let units: [(suffix: String, bytes: Int)] = [("M", 1_048_576), ("K", 1024)]

    static func value(_ text: String) -> Int? {
        guard let unit = units.first(where: { text.uppercased().hasSuffix($0.suffix) }) else {
            return DecimalText.whole(text)
        }
        let (product, overflow) = (DecimalText.whole(text.dropLast()) ?? -1).multipliedReportingOverflow(by: unit.bytes)
        return overflow || product < 0 ? nil : product
    }

    static func text(_ bytes: Int) -> String {
        guard bytes > 0, let unit = units.first(where: { bytes.isMultiple(of: $0.bytes) }) else {
            return String(bytes)
        }
        return String(bytes / unit.bytes) + unit.suffix
    }
}
