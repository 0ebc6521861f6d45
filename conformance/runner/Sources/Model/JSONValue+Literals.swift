extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByBooleanLiteral, ExpressibleByStringLiteral {
    /// An object; of a member that is there twice the last counts.
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(Dictionary(members) { $1 })
    }

    /// True or false.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// Text.
    public init(stringLiteral text: String) { self = .string(text) }
}
