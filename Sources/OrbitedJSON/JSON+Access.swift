extension JSON {
    /// The member `name`, or nothing if this is no object or has no such member.
    public subscript(name: String) -> JSON? { objectValue?[name] }

    /// The element at `index` from 0, or nothing if this is no array or ends before.
    public subscript(index: Int) -> JSON? {
        guard let elements = arrayValue, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// Whether this is `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The boolean, or nothing if this is another kind of value.
    public var booleanValue: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    /// The integer, or nothing if this is another kind of value; `1.0` is no integer.
    public var integerValue: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The number, or nothing if this is no number. An integer beyond 2^53 is rounded to the nearest double.
    public var doubleValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let number): number.value
        case .null, .boolean, .string, .array, .object: nil
        }
    }

    /// The string, or nothing if this is another kind of value.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The elements, or nothing if this is another kind of value.
    public var arrayValue: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The object, or nothing if this is another kind of value.
    public var objectValue: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }
}
