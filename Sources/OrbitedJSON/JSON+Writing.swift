extension JSON {
    /// The value as JSON text in one line, without white space, in UTF-8. Members stand in their order; doubles are
    /// written as the shortest decimal that is read back as the same double.
    public var compactBytes: [UInt8] { JSONWriter.bytes(of: self, escaping: .string) }

    /// `compactBytes` as a string.
    public var compact: String { String(decoding: compactBytes, as: UTF8.self) }

    /// `compactBytes` for a script element: `<`, `>`, `&`, U+2028 and U+2029 are written as `\u003c` and so on, so that
    /// the text can neither end the element, nor open a comment in it, nor break a line. It is JSON with the same value.
    public var scriptSafeBytes: [UInt8] { JSONWriter.bytes(of: self, escaping: .scriptSafeString) }

    /// `scriptSafeBytes` as a string.
    public var scriptSafe: String { String(decoding: scriptSafeBytes, as: UTF8.self) }
}

extension JSON: CustomStringConvertible {
    /// The same as `compact`.
    public var description: String { compact }
}
