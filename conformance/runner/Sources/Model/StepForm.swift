/// What the value of a step's member has to be.
enum StepForm {
    case text
    case texts
    /// Headers: a list of pairs of text.
    case pairs
    /// Text, an object that stands for bytes, or a list of these.
    case bytes
    case wholeNumber
    /// A time that is not negative.
    case seconds
    /// A number, or text.
    case numberOrText
    /// Anything.
    case pattern
    /// A list of patterns, which is not empty.
    case patterns
    /// An object with some of these members, as patterns.
    case patternsOf([String])
    /// One of these values.
    case one([JSONValue])

    func fits(_ value: JSONValue) -> Bool {
        switch self {
        case .text: value.string != nil
        case .texts: value.array?.allSatisfy { $0.string != nil } ?? false
        case .pairs: value.array?.allSatisfy { $0.array?.count == 2 && Self.texts.fits($0) } ?? false
        case .bytes: value.string != nil || value.object != nil || value.array != nil
        case .wholeNumber: value.number.map { Int(exactly: $0) != nil } ?? false
        case .seconds: value.number.map { $0 >= 0 } ?? false
        case .numberOrText: value.number != nil || value.string != nil
        case .pattern: true
        case .patterns: value.array.map { !$0.isEmpty } ?? false
        case .patternsOf(let names):
            value.object.map { !$0.isEmpty && names.contains(all: $0.keys) } ?? false
        case .one(let values): values.contains(value)
        }
    }

    /// What it has to be, in words.
    var inWords: String {
        switch self {
        case .text: "text"
        case .texts: "a list of text"
        case .pairs: "a list of pairs of text"
        case .bytes: "bytes"
        case .wholeNumber: "a whole number"
        case .seconds: "a number of seconds"
        case .numberOrText: "a number or text"
        case .pattern: "a pattern"
        case .patterns: "a list of patterns"
        case .patternsOf(let names): "an object of \(names.joined(separator: ", "))"
        case .one(let values): values.map(\.text).joined(separator: " or ")
        }
    }
}

extension [String] {
    fileprivate func contains(all others: some Sequence<String>) -> Bool { others.allSatisfy(contains) }
}
