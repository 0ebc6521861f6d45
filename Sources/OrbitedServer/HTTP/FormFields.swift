/// The fields of a query or of a form, `application/x-www-form-urlencoded`.
struct FormFields: Equatable {
    private let fields: [String: String]

    /// No fields.
    init() { fields = [:] }

    /// Takes encoded fields; of a field that stands there twice the first counts.
    init(_ text: some StringProtocol) throws(HTTPFault) {
        var fields: [String: String] = [:]
        for pair in text.parts(separatedBy: "&") where !pair.isEmpty {
            let halves = pair.parts(separatedBy: "=", atMost: 2)
            let value = halves.count > 1 ? halves[1].percentDecoded(plusIsSpace: true) : ""
            guard let name = halves[0].percentDecoded(plusIsSpace: true), let value else { throw .badEncoding }
            if fields[name] == nil { fields[name] = value }
        }
        self.fields = fields
    }

    /// A field's value; an empty one counts as left out.
    subscript(name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }
}
