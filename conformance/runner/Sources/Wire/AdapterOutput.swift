import Foundation

/// What an adapter has said, as far as nobody has read it, and whether it kept to its contract.
struct AdapterOutput: Sendable {
    private struct Call: Sendable {
        var verb: String
        var hasEnded = false
    }

    /// A line that is longer is no line of an adapter.
    private static let longestLine = 16 << 20
    /// More than is told and not taken breaks off the reading.
    private static let mostTold = 1_000_000
    /// Of standard error as many bytes are kept, the last ones.
    private static let mostErrors = 4_096

    /// What broke the contract first; nothing is read after it.
    private(set) var fault: Difference?
    private var calls: [Int: Call] = [:]
    /// How calls ended, by their numbers.
    private var ends: [Int: JSONValue] = [:]
    /// What watches and connections told, by the numbers of their calls.
    private var told: [Int: [JSONValue]] = [:]
    private var rest: [UInt8] = []
    private var errors: [UInt8] = []

    init() {}

    /// The last lines of standard error.
    var lastErrors: String {
        String(decoding: errors, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Numbers a call that is about to be written.
    mutating func begin(_ verb: String) -> Int {
        let number = calls.count + 1
        calls[number] = Call(verb: verb)
        return number
    }

    /// Takes how a call ended: its line without the number.
    mutating func takeEnd(of call: Int) -> JSONValue? { ends.removeValue(forKey: call) }

    /// Takes what a watch or a connection told first.
    mutating func takeTold(of call: Int) -> JSONValue? {
        guard let first = told[call]?.first else { return nil }
        told[call]?.removeFirst()
        return first
    }

    /// What was told and not taken.
    var untaken: [JSONValue] { told.sorted { $0.key < $1.key }.flatMap(\.value) }

    // What comes

    mutating func takeErrors(_ bytes: [UInt8]) { errors = Array((errors + bytes).suffix(Self.mostErrors)) }

    mutating func take(_ bytes: [UInt8]) {
        guard fault == nil else { return }
        rest += bytes
        var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        rest = Array(lines.removeLast())
        if rest.count > Self.longestLine {
            fault = Difference("the adapter's line is longer than \(Self.longestLine) bytes")
        }
        for line in lines where fault == nil { fault = take(line: line) }
    }

    /// Takes a line.
    ///
    /// - Returns: how it breaks the contract.
    private mutating func take(line: ArraySlice<UInt8>) -> Difference? {
        let text = String(decoding: line, as: UTF8.self)
        guard case .object(var members)? = try? JSONValue(parsing: line) else {
            return Difference("the adapter's line is no JSON object", got: text)
        }
        guard let number = members.removeValue(forKey: "call")?.number.flatMap({ Int(exactly: $0) }) else {
            return Difference("the adapter's line has no number of a call", got: text)
        }
        guard let call = calls[number] else {
            return Difference("the adapter's line is for a call that was not made", got: text)
        }
        guard members.count == 1, let (kind, value) = members.first, Self.isGood(kind, value) else {
            return Difference("the adapter's line is not of the contract", expected: Self.contract, got: text)
        }
        switch kind {
        case "returns", "throws":
            guard !call.hasEnded else {
                return Difference("the adapter's call has ended before", expected: "one line a call", got: text)
            }
            calls[number]?.hasEnded = true
            ends[number] = .object(members)
        default:
            guard call.hasEnded, call.verb == (kind == "told" ? "connect" : "watch") else {
                return Difference("the adapter's \(kind) is not of a call that has begun", got: text)
            }
            guard told[number, default: []].count < Self.mostTold else {
                return Difference("the adapter tells more than the suite keeps", got: text)
            }
            told[number, default: []].append(.object(members))
        }
        return nil
    }

    private static let contract = """
        "call" and one of "returns", "notice" and "told", each an object, and "throws" and "ended", each with "name", \
        "message", "code", "retriable" and "maybeDelivered"
        """

    private static func isGood(_ kind: String, _ value: JSONValue) -> Bool {
        switch kind {
        case "returns": value.object != nil
        case "notice", "told": value["word"]?.string != nil
        case "throws", "ended":
            value["name"]?.string != nil && value["message"]?.string != nil && value["retriable"]?.bool != nil
                && value["maybeDelivered"]?.bool != nil && (value["code"] == .null || value["code"]?.number != nil)
        default: false
        }
    }
}
