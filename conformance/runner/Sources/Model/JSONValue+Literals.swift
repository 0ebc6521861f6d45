extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByBooleanLiteral, ExpressibleByStringLiteral {
    /// An object; of a member that is there twice the last counts.
    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(Dictionary(members) { $1 })
    }

    /// True or false.
    package init(booleanLiteral value: Bool) { self = .bool(value) }

    /// Text.
    package init(stringLiteral text: String) { self = .string(text) }
}
