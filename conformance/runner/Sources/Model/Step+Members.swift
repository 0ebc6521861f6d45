/// Which members the steps have, as `conformance/cases/cases.schema.json` tells it to other readers: what a runner
/// overlooked, a case would only seem to say.
extension Step {
    /// The members of one kind of steps.
    private struct Members {
        /// What stands beside the verb.
        var subject = StepForm.text
        var needed: [String: StepForm] = [:]
        var optional: [String: StepForm] = [:]
        /// Those of which there is exactly one; none stands for no such choice.
        var choice: [String: StepForm] = [:]
        /// Whether there may be any others, which the adapter's contract knows.
        var isOpen = false
    }

    /// What is wrong with the members, in one sentence; nil if nothing is.
    package var fault: String? {
        let known = self.known
        if !known.subject.fits(subject) { return "\(verb) is not \(known.subject.inWords): \(subject.text)" }
        if let missing = known.needed.keys.filter({ members[$0] == nil }).min() { return "\(verb) has no \(missing)" }
        let chosen = known.choice.keys.filter { members[$0] != nil }
        guard known.choice.isEmpty || chosen.count == 1 else {
            return "\(verb) has not exactly one of \(known.choice.keys.sorted().joined(separator: ", "))"
        }
        let all = known.needed.merging(known.optional) { $1 }.merging(known.choice) { $1 }.merging(Self.common) { $1 }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            guard let form = all[name] else {
                if known.isOpen { continue }
                return "\(verb) has no member \(name); see conformance/cases/README.md"
            }
            if !form.fits(value) { return "\(name) of \(verb) is not \(form.inWords): \(value.text)" }
        }
        return nil
    }

    private static let common = ["times": StepForm.wholeNumber]
    private static let times = ["within": StepForm.seconds, "after": .seconds]
    private static let isTrue = StepForm.one([true])
    private static let version = StepForm.one(["1.0", "1.1"])
    private static let responseNames = ["status", "headers", "body"]
    private static let frameNames = ["version", "action", "headers", "body"]
    private static let messageNames = ["word", "headers", "body", "raw"]

    private static let expected: [String: StepForm] = [
        "bytes": .bytes, "nothing": .seconds, "closed": .one([true, "unbroken"]), "message": .patternsOf(messageNames),
        "messages": .patterns, "response": .patternsOf(responseNames), "body": .bytes, "past": .bytes,
        "text": .pattern, "ended": isTrue, "item": .pattern, "items": .patterns, "frame": .patternsOf(frameNames),
        "said": .pattern, "gone": isTrue,
    ]

    private var known: Members {
        switch verb {
        case .open:
            Members(needed: ["to": .one(["control", "http", "admin"])], optional: ["refused": Self.isTrue])
        case .send: Members(needed: ["bytes": .bytes], optional: ["cut": .one([false])])
        case .event:
            Members(
                needed: ["to": .texts, "id": .text, "body": .bytes],
                optional: ["version": Self.version, "ack": .text, "ttl": .numberOrText])
        case .frame:
            Members(
                needed: ["action": .text, "id": .text],
                optional: ["version": Self.version, "headers": .pairs, "body": .bytes])
        case .reset, .pause, .resume: Members()
        case .close, .shut: Members(optional: ["mayBeGone": Self.isTrue])
        case .wait: Members(subject: .seconds)
        case .server: Members(subject: .one(["stop", "kill", "start"]))
        case .exited: Members(subject: .patternsOf(["status"]), optional: Self.times)
        case .request where members["on"] != nil:
            Members(
                needed: ["on": .text, "target": .pattern],
                optional: ["method": .pattern, "headers": .pattern, "body": .pattern].merging(Self.times) { $1 })
        case .request:
            Members(
                needed: ["target": .text],
                optional: [
                    "method": .text, "version": Self.version, "headers": .pairs, "body": .bytes,
                    "to": .one(["http", "admin"]),
                ])
        case .browse:
            Members(
                needed: ["transport": .text],
                optional: [
                    "user": .text, "session": .text, "location": .text, "last": .text, "headers": .pairs,
                    "within": .seconds,
                ])
        case .say: Members(optional: ["text": .text, "close": .wholeNumber, "ping": .text])
        case .expect: Members(optional: Self.times, choice: Self.expected)
        case .listen: Members(optional: ["as": .one(["control", "http"])])
        case .accept:
            Members(needed: ["on": .text], optional: ["orbit": .one(["1.0", "1.1", false])].merging(Self.times) { $1 })
        case .call: Members(needed: ["do": .text], isOpen: true)
        case .result:
            Members(optional: Self.times, choice: ["returns": .pattern, "throws": .pattern, "nothing": .seconds])
        case .told: Members(optional: ["nothing": .seconds].merging(Self.times) { $1 }, isOpen: true)
        case .respond:
            Members(
                needed: ["status": .wholeNumber],
                optional: ["headers": .pairs, "body": .bytes, "stream": Self.isTrue])
        case .upgrade: Members(optional: ["headers": .pairs])
        }
    }
}
