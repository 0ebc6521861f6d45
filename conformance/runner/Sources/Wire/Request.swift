/// A request of a browser.
struct Request: Hashable, Sendable {
    var method: String
    var target: String
    /// `1.0` or `1.1`.
    var version: String
    var headers: [Frame.Header] = []
    var body: [UInt8] = []

    /// The values of a header, by its name in lower case.
    func values(of name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }

    /// The target without its query.
    var path: Substring { target.prefix { $0 != "?" } }

    /// As a case expects it.
    var value: JSONValue {
        .object([
            "method": .string(method), "target": .string(target), "version": .string(version),
            "headers": Frame.value(of: headers), "body": Frame.text(of: body),
        ])
    }
}
