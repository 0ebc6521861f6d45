/// A double that is neither infinite nor NaN: JSON has no way to write those.
public struct FiniteDouble: Sendable, Hashable {
    /// The number, always finite.
    public let value: Double

    /// Makes one of `value`, or nothing if `value` is infinite or NaN.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        self.value = value
    }
}

extension FiniteDouble: ExpressibleByFloatLiteral {
    /// Makes one of a literal. A literal that overflows a double is a programmer's fault, and traps.
    public init(floatLiteral value: Double) {
        precondition(value.isFinite, "JSON has no infinite numbers")
        self.value = value
    }
}

extension FiniteDouble: CustomStringConvertible {
    /// The shortest decimal that is read back as the same double; always a JSON number with a fraction or an exponent.
    public var description: String { value.description }
}
