/// The members of a JSON object: in the order in which they came, each name once.
///
/// Names are compared byte for byte in UTF-8. Look-up takes the same time however many members there are.
public struct JSONObject: Sendable {
    /// One `"name": value`.
    public struct Member: Sendable {
        /// What stands before the colon.
        public let name: String
        /// What stands after it.
        public fileprivate(set) var value: JSON
    }

    /// The members in order.
    public private(set) var members: [Member] = []
    private var positions: [Name: Int] = [:]

    /// Makes an object without members.
    public init() {}

    /// The value of the member `name`, or nothing if there is none.
    public subscript(name: String) -> JSON? {
        positions[Name(text: name)].map { members[$0].value }
    }

    /// Gives the member `name` another value in its place, or adds it at the end.
    public mutating func set(_ name: String, to value: JSON) {
        if let position = positions[Name(text: name)] {
            members[position].value = value
        } else {
            positions[Name(text: name)] = members.count
            members.append(Member(name: name, value: value))
        }
    }

    mutating func reserveCapacity(_ count: Int) {
        members.reserveCapacity(count)
        positions.reserveCapacity(count)
    }
}

extension JSONObject: Equatable {
    /// Whether both have the same names with equal values, in any order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.count == right.members.count && left.members.allSatisfy { right[$0.name] == $0.value }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object of a literal's members. A name that is given twice is a programmer's fault, and traps.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        for (name, value) in elements {
            precondition(self[name] == nil, "the name \(name) occurs twice")
            set(name, to: value)
        }
    }
}

/// A string that equals another only if their UTF-8 is the same; `String` compares canonical equivalents as equal.
private struct Name: Sendable, Hashable {
    let text: String

    static func == (left: Name, right: Name) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xff))
    }
}
