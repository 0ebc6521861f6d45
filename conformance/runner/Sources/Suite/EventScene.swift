/// Steps that several kinds of vectors share: a browser that holds a key, and an application that sends to it.
enum EventScene {
    /// An application sends an event, and is told that it was delivered [CTL-34].
    ///
    /// - Parameter key: user, session and location.
    static func delivered(_ key: [String], id: String, body: JSONValue) -> [Step] {
        sent(to: .literal(key.joined(separator: ", ")), id: id, body: body)
    }

    /// The same for a key of the trial's own user.
    static func deliveredToUser(id: String, body: JSONValue) -> [Step] {
        sent(to: "${user}, 0, /${user}", id: id, body: body)
    }

    private static func sent(to key: JSONValue, id: String, body: JSONValue) -> [Step] {
        [
            Step(.event, "app", ["to": .array([key]), "id": .string(id), "body": body]),
            Step(.expect, "app", ["bytes": .string("Success\r\nid: \(id)\r\n\r\n")]),
        ]
    }

    static let openApplication = Step(.open, "app", ["to": "control"])

    static func head(_ name: String, status: Int, contentType: String?) -> Step {
        var response: [String: JSONValue] = ["status": .number(Double(status))]
        if let contentType { response["headers"] = ["content-type": .literal(contentType)] }
        return Step(.expect, .string(name), ["response": .object(response)])
    }
}
