/// A JSON value (RFC 8259).
///
/// Two values are equal if they are of the same case and hold the same: strings byte for byte in UTF-8 (unlike Swift's
/// `String`, which takes "é" in one character and in two for the same), objects whatever the order of their members.
/// `.integer(1)` and `.number(1.0)` differ.
public enum JSON: Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case boolean(Bool)
    /// A number that is written without fraction and exponent, from -2^63 to 2^63-1. `-0` is read as 0.
    case integer(Int64)
    /// A number that is written with a fraction or an exponent.
    case number(FiniteDouble)
    /// A string. It may hold U+0000, and can't hold a lone surrogate.
    case string(String)
    /// An array.
    case array([JSON])
    /// An object. Its members keep their order, and no name occurs twice.
    case object(JSONObject)
}

extension JSON: Equatable {
    /// Whether both values are of the same case and hold the same.
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        case (.null, _), (.boolean, _), (.integer, _), (.number, _), (.string, _), (.array, _), (.object, _): false
        }
    }
}
