/// The fields of a query or of a form, `application/x-www-form-urlencoded`.
struct FormFields: Equatable {
    private let fields: [String: String]

    /// No fields.
    init() { fields = [:] }

    /// Takes encoded fields; of a field that stands there twice the first counts.
    init(_ text: some StringProtocol) throws(HTTPFault) {
        var text = Substring(text)
        guard let fields = text.withUTF8({ Self.read($0[...]) }) else { throw .badEncoding }
        self.fields = fields
    }

    private static func read(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> [String: String]? {
        var fields: [String: String] = [:]
        var rest = bytes
        while !rest.isEmpty {
            let pair = rest.prefix { $0 != UInt8(ascii: "&") }
            rest = rest[pair.endIndex...].dropFirst()
            guard !pair.isEmpty else { continue }
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            let value = pair[name.endIndex...].dropFirst()
            guard let name = name.percentDecoded(plusIsSpace: true), let value = value.percentDecoded(plusIsSpace: true)
            else { return nil }
            if fields[name] == nil { fields[name] = value }
        }
        return fields
    }

    /// A field's value; an empty one counts as left out.
    subscript(name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }
}
