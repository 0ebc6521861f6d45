/// One step of a case: a verb, the name that it is about, and the rest.
package struct Step: Hashable, Sendable {
    /// The verbs; of a step that has several of these members, the first one here is its verb.
    package enum Verb: String, Sendable, CaseIterable {
        case expect, result, told, call, say, browse, request, respond, upgrade, listen, accept
        case open, send, event, frame, shut, reset, pause, resume, wait, server, exited, close
    }

    package var verb: Verb
    /// What stands beside the verb.
    package var subject: JSONValue
    /// All other members.
    package var members: [String: JSONValue]

    package init(_ verb: Verb, _ subject: JSONValue, _ members: [String: JSONValue] = [:]) {
        self.verb = verb
        self.subject = subject
        self.members = members
    }

    /// Reads a step; nil if it has no verb.
    package init?(_ value: JSONValue) {
        guard case .object(var members) = value else { return nil }
        guard let verb = Verb.allCases.first(where: { members[$0.rawValue] != nil }),
            let subject = members.removeValue(forKey: verb.rawValue)
        else { return nil }
        self.init(verb, subject, members)
    }

    /// Whether the other side may have left already, so that the step has nothing left to do.
    package var mayBeGone: Bool { members["mayBeGone"] == .bool(true) }

    /// The step as it stands in its case, on one line.
    package var text: String {
        var all = members
        all[verb.rawValue] = subject
        return JSONValue.object(all).text
    }
}
