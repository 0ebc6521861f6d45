/// Bodies whose kind nobody knows, made fit for a place where a script's expression is expected.
public enum JSONText {
    /// The deepest body that is taken for JSON: 1,000 levels of arrays and objects.
    public static let maximumDepth = 1_000

    /// `body` as an expression that can stand in a script element, as a call's argument say, and is data, never code.
    ///
    /// * A body that is JSON comes back as it is, spelling of numbers, order, repeated names and white space included,
    ///   but for `<`, `>`, `&`, U+2028 and U+2029, which are written as `\u003c` and so on; that changes no value.
    /// * Any other body comes back as a JSON string of its text, with bytes that are not UTF-8 replaced by U+FFFD and
    ///   the same five characters escaped. An empty body is the empty string.
    ///
    /// What is JSON is for libjansson to say, so that a few texts which the grammar of RFC 8259 allows, and which JSON
    /// parsers treat differently, count as other bodies and arrive as strings: numbers beyond a double (`1e999`, an
    /// integer of more than 308 digits), lone surrogates (`"\ud800"`), U+0000 in an object's names, and nesting beyond
    /// `maximumDepth`. Integers of more than 64 bits stay as they are spelt; the browser rounds them.
    ///
    /// The caller bounds the body's size: while it is checked, a body of nothing but empty objects, the worst case,
    /// takes some 80 times its size in memory. The result has at most 6 bytes for each of the body, and 2 more.
    ///
    /// - Parameter body: the bytes; they are not kept
    /// - Returns: UTF-8 in which none of the five characters occurs
    public static func scriptSafe(_ body: UnsafeRawBufferPointer) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(body.count + 2)
        if isJSON(body) {
            result.append(body, escaping: .scriptSafeText)
        } else {
            // This is where invalid UTF-8 is repaired.
            var text = String(decoding: body, as: UTF8.self)
            text.withUTF8 { result.appendString(UnsafeRawBufferPointer($0), escaping: .scriptSafeString) }
        }
        return result
    }

    /// Whether an array of bytes is JSON.
    public static func isJSON(_ body: [UInt8]) -> Bool {
        body.withUnsafeBytes { isJSON($0) }
    }

    /// The same for an array of bytes.
    public static func scriptSafe(_ body: [UInt8]) -> [UInt8] {
        body.withUnsafeBytes { scriptSafe($0) }
    }

    /// Whether `body` is JSON, as ``scriptSafe(_:)-(UnsafeRawBufferPointer)`` takes it.
    public static func isJSON(_ body: UnsafeRawBufferPointer) -> Bool {
        do {
            try Prescan.check(body, maximumDepth: maximumDepth)
            return JanssonDocument.canRead(body)
        } catch {
            // The error is the verdict.
            return false
        }
    }
}
