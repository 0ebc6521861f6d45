/// A request of a browser.
package struct Request: Hashable, Sendable {
    package var method: String
    package var target: String
    /// `1.0` or `1.1`.
    package var version: String
    package var headers: [Frame.Header] = []
    package var body: [UInt8] = []

    /// The values of a header, by its name in lower case.
    package func values(of name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }

    /// The target without its query.
    package var path: Substring { target.prefix { $0 != "?" } }

    /// As a case expects it.
    package var value: JSONValue {
        .object([
            "method": .string(method), "target": .string(target), "version": .string(version),
            "headers": Frame.value(of: headers), "body": Frame.text(of: body),
        ])
    }
}
