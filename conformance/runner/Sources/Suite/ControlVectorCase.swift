/// A vector of `control` or `control-1.1` as a case for a live server, which has no sessions meanwhile.
struct ControlVectorCase {
    /// Longer inputs are sent in pieces of `piece` bytes instead of single bytes, for each of which the system is called;
    /// and those that are longer still in one piece only.
    private static let mostSingleBytes = 2_048
    private static let mostPiecedBytes = 32_768
    /// An odd number, so that it cuts lines and bodies in all places.
    private static let piece = 997
    /// Time is not what these vectors are about, and thousands of single bytes take some.
    private static let patience = 30
    /// How long a connection that stays open is watched for something that must not come.
    private static let silence = 0.1

    private let vector: Vector
    private let limits: [String: String]
    /// The names of the watches that are there after what was read so far.
    private var watches: Set<String> = []

    private init(_ vector: Vector) {
        self.vector = vector
        limits = (vector.value["limits"]?.object ?? [:]).mapValues(\.plainText)
    }

    /// The case of a vector, and for a long one another that sends it in pieces.
    ///
    /// There is none if a limit is 0: it is good for a decoder, and a server need not take it as a setting.
    ///
    /// - Throws: ``UsageError`` if the vector expects something that is not known here.
    static func make(_ vector: Vector, version: String) throws -> [Case] {
        var maker = Self(vector)
        guard !maker.limits.values.contains("0") else { return [] }
        let pieces = vector.value["input"]?.array ?? []
        let input = try pieces.flatMap(vector.rawBytes)
        let replies = try (vector.value["expect"]?.array ?? []).map { try maker.reply(to: $0) }
        let whole = JSONValue.array(try pieces.map(vector.bytes))
        let isShort = input.count <= mostSingleBytes
        var made = [maker.makeCase("", version, isCut: isShort, send: [whole], replies)]
        if !isShort, input.count <= mostPiecedBytes {
            let parts = stride(from: 0, to: input.count, by: piece).map { start in
                JSONValue.bytes(input[start..<min(start + piece, input.count)])
            }
            made.append(maker.makeCase("/pieces", version, isCut: false, send: parts, replies))
        }
        return made
    }

    private func makeCase(
        _ suffix: String, _ version: String, isCut: Bool, send parts: [JSONValue], _ replies: [JSONValue]
    ) -> Case {
        let within = JSONValue.number(Double(Self.patience))
        var steps = [Step(.open, "app", ["to": "control"])]
        steps += parts.map { Step(.send, "app", ["bytes": $0, "within": within]) }
        if let raw = replies.first?["raw"], replies.count == 1 {
            steps.append(Step(.expect, "app", ["bytes": raw, "within": within]))
        } else if !replies.isEmpty {
            steps.append(Step(.expect, "app", ["messages": .array(replies), "within": within]))
        }
        if vector.value["open"]?.bool == true {
            steps.append(Step(.expect, "app", ["nothing": .number(Self.silence)]))
            steps.append(Step(.shut, "app"))
        }
        steps.append(Step(.expect, "app", ["closed": true, "within": within]))
        let isMalformed = (vector.value["expect"]?.array ?? []).contains { $0["failure"] != nil }
        var made = vector.makeCase(
            suffix, features: ["orbit-\(version)"] + (isMalformed ? ["malformed"] : []), settings: limits, cut: isCut,
            steps: steps)
        made.realm = "vectors of the control port"
        return made
    }

    /// The pattern of the reply to what the vector says that comes out of the decoder.
    private mutating func reply(to output: JSONValue) throws -> JSONValue {
        guard let (kind, frame) = output.object?.first else { throw vector.fault("an outcome is not an object") }
        let id = frame["id"]?.string ?? ""
        switch kind {
        case "failure": return try failure(frame)
        case "event" where frame["version"] == nil: return receipt(frame, id: id)
        case "event": return laterReceipt(frame, id: id)
        case "auth", "ping": return success(id)
        case "watch":
            watches.insert(id)
            return success(id, watchHeaders(frame))
        case "unwatch":
            let name = frame["watch"]?.string ?? ""
            return watches.remove(name) == nil
                ? try failure(.object(["id": .string(id), "code": .number(113)])) : success(id)
        case "list": return success(id, ["keys": "0"])
        case "close": return success(id, ["closed": "0"])
        default: throw vector.fault("there is no case for \(kind)")
        }
    }

    // [CTL-55] [CTL-56]
    private func failure(_ frame: JSONValue) throws -> JSONValue {
        guard let number = frame["code"]?.number.map({ Int($0) }), let code = vector.registry.codes[number],
            let message = vector.registry.message(of: number, limits: limits)
        else { throw vector.fault("a failure has no code of the registry") }
        let id = frame["id"]?.string.map { "id: \($0)\r\n" } ?? ""
        return ["raw": .literal("Failure\r\n\(id)msg: \(message)\r\ncode: \(number) \(code.name)\r\n\r\n")]
    }

    // [CTL-34] [CTL-35] [CTL-38]
    private func receipt(_ event: JSONValue, id: String) -> JSONValue {
        let keys = recipients(of: event)
        guard !keys.isEmpty else { return ["raw": .literal("Success\r\nid: \(id)\r\n\r\n")] }
        let lines = keys.map { "recipient: (\($0))\r\n" }.joined()
        let message = vector.registry.codes[301]?.message ?? ""
        return ["raw": .literal("Failure\r\nid: \(id)\r\nmsg: \(message)\r\n\(lines)\r\n")]
    }

    // [CTL-118] [CTL-119] [CTL-121]
    private func laterReceipt(_ event: JSONValue, id: String) -> JSONValue {
        let keys = recipients(of: event).filter { !Self.isPattern($0) }
        let name = vector.registry.codes[301]?.name ?? ""
        let unreached = keys.map { JSONValue.literal("301 \(name) (\($0))") }
        var headers: [String: JSONValue] = ["id": .literal(id), "reached": "0", "code": ["absent": true]]
        headers["unreached"] = unreached.count > 1 ? .array(unreached) : unreached.first ?? ["absent": true]
        return ["word": keys.isEmpty ? "Success" : "Failure", "headers": .object(headers)]
    }

    // [CTL-139] to [CTL-141]
    private func watchHeaders(_ watch: JSONValue) -> [String: JSONValue] {
        var headers: [String: JSONValue] = ["epoch": ["any": true], "sequence": ["any": true]]
        if watch["epoch"] != nil { headers["resumed"] = "no" }
        if watch["state"]?.bool == true { headers["present"] = "0" }
        return headers
    }

    private func success(_ id: String, _ headers: [String: JSONValue] = [:]) -> JSONValue {
        ["word": "Success", "headers": .object(headers.merging(["id": .literal(id)]) { $1 })]
    }

    /// The recipients without those that are named again [CTL-26].
    private func recipients(of event: JSONValue) -> [String] {
        var seen: Set<[UInt8]> = []
        return (event["recipients"]?.array ?? []).compactMap(\.string).filter { seen.insert(Array($0.utf8)).inserted }
    }

    // [CTL-111]
    private static func isPattern(_ recipient: String) -> Bool {
        recipient.split(separator: ", ", maxSplits: 2, omittingEmptySubsequences: false).contains("*")
    }
}
