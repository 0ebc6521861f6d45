extension JSON {
    /// Reads one value from a text of any kind: object, array, string, number, `true`, `false` or `null`.
    ///
    /// Refused are a name that occurs twice in one object, anything but white space behind the value, invalid UTF-8, a
    /// byte order mark, lone surrogates, U+0000 in an object's names (in strings it is welcome), integers beyond 64 bits
    /// (rounding them would change an identifier unseen) and numbers beyond a double. A number too small for a double is
    /// read as 0.
    ///
    /// - Parameters:
    ///   - bytes: the text; it is not kept
    ///   - limits: the longest and deepest text; default 1 MiB and 64 levels
    /// - Throws: `JSONError`; trying again doesn't help
    public static func parse(_ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .default) throws(JSONError) -> JSON {
        guard bytes.count <= limits.maximumSize else {
            throw JSONError(
                .tooLarge, "the text has \(bytes.count) bytes, and \(limits.maximumSize) are allowed",
                atEndOf: bytes.prefix(0).rebased)
        }
        try Prescan.check(bytes, maximumDepth: limits.maximumDepth)
        let document = try JanssonDocument(bytes)
        return document.value()
    }

    /// Reads one value from an array of bytes, as `parse` does from a buffer.
    public static func parse(_ bytes: [UInt8], limits: JSONLimits = .default) throws(JSONError) -> JSON {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
            try parse(UnsafeRawBufferPointer(buffer), limits: limits)
        }
    }

    /// Reads one value from a string, as `parse` does from a buffer of its UTF-8.
    public static func parse(_ text: String, limits: JSONLimits = .default) throws(JSONError) -> JSON {
        try parse(Array(text.utf8), limits: limits)
    }
}
