/// A vector of `urls` as a case.
///
/// A holder is connected with the key that the vector says. If the vector's request names the same key, it takes over
/// from the holder [BRW-62] [BRW-65], and gets the event that is sent to the key then.
struct URLVectorCase {
    private let vector: Vector

    init(_ vector: Vector) { self.vector = vector }

    private func text(_ name: String) -> String? { vector.value[name]?.string }
    private func expected(_ name: String) -> String { vector.value["expect"]?[name]?.string ?? "" }

    /// - Throws: ``UsageError`` if no case can be made of it.
    func make() throws -> Case {
        let isHead = text("method") == "HEAD"
        let steps: [Step]
        var features = ["orbit-1.0", "sse"]
        if let status = vector.value["expect"]?["status"]?.number {
            steps = [request, EventScene.head("page", status: Int(status), contentType: nil)]
            features = []
        } else {
            features += [expected("transport")].filter { $0 != "sse" }
            steps = isHead ? [request, try head] : try takeOver
        }
        var made = vector.makeCase(features: features, settings: settings, cut: false, steps: steps)
        made.realm = "vectors of URLs"
        made.isSerial = true
        return made
    }

    /// The example page may stand where the vector says that there is nothing [BRW-135].
    private var settings: [String: String] { text("target") == "/_/" ? ["http.example": "0"] : [:] }

    private var request: Step {
        var members: [String: JSONValue] = ["target": .literal(text("target") ?? "")]
        if let method = text("method") { members["method"] = .literal(method) }
        var headers: [JSONValue] = []
        if let type = text("contentType") { headers.append(.array(["Content-Type", .literal(type)])) }
        if let cookie = text("cookie") { headers.append(.array(["Cookie", .literal(cookie)])) }
        if !headers.isEmpty { members["headers"] = .array(headers) }
        if let body = text("body") { members["body"] = .literal(body) }
        return Step(.request, "page", members)
    }

    private var head: Step {
        get throws {
            guard let type = vector.registry.contentTypes[expected("transport")], let type else {
                throw vector.fault("the registry has no content type of \(expected("transport"))")
            }
            return EventScene.head("page", status: 200, contentType: type)
        }
    }

    private var takeOver: [Step] {
        get throws {
            let key = ["user", "session", "location"].map(expected)
            // Without `_`, so that the location `/_/about` is not taken for one of the server's own files. [BRW-7]
            let names = [key[2], key[0], key[1]].map {
                Request.percentEncoded($0, besides: "/").replacing("_", with: "%5F")
            }
            let target = "\(names[0])?user=\(names[1])&session=\(names[2])&transport=sse"
            let holder = [
                Step(.request, "holder", ["target": .literal(target)]),
                EventScene.head("holder", status: 200, contentType: vector.registry.contentTypes["sse"] ?? nil),
                Step(.expect, "holder", ["past": "id: "]),
                EventScene.openApplication,
                request,
            ]
            let replaced = [
                Step(.expect, "holder", ["past": "event: replaced\ndata: \n\n"]),
                Step(.expect, "holder", ["ended": true]),
            ]
            let event = EventScene.delivered(key, id: "1", body: "\"${user}\"")
            switch expected("transport") {
            case "xhr":
                return holder + replaced + event + [try head, Step(.expect, "page", ["body": "\"${user}\""])]
            case "poll", "jsonp":
                return holder + [try head] + replaced
            case "iframe":
                let function = expected("form") == "bar" ? "window.parent.event" : "e"
                return holder + [try head] + replaced + event
                    + [Step(.expect, "page", ["past": .string("<script>\(function)(\"${user}\");</script>")])]
            default:
                return holder + [try head] + replaced + event + [Step(.expect, "page", ["past": "\"${user}\""])]
            }
        }
    }
}
