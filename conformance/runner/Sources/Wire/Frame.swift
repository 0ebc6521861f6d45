import Foundation

/// A frame as a client sent it.
struct Frame: Hashable, Sendable {
    struct Header: Hashable, Sendable {
        /// In lower case.
        var name: String
        var value: String
    }

    /// `1.0` or `1.1`.
    var version: String
    var action: String
    var headers: [Header] = []
    var body: [UInt8] = []

    var id: String { headers.first { $0.name == "id" }?.value ?? "" }

    /// As a case expects it: a header that is there more than once is a list.
    var value: JSONValue {
        .object([
            "version": .string(version),
            "action": .string(action),
            "headers": Self.value(of: headers),
            "body": Self.text(of: body),
        ])
    }

    static func value(of headers: [Header]) -> JSONValue {
        let values = Dictionary(grouping: headers, by: \.name).mapValues { $0.map { JSONValue.string($0.value) } }
        return .object(values.mapValues { $0.count == 1 ? $0[0] : .array($0) })
    }

    /// Text if the bytes are UTF-8, and else the object `{"base64"}` that stands for them in cases.
    static func text(of bytes: [UInt8]) -> JSONValue {
        if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
        return .object(["base64": .string(Data(bytes).base64EncodedString())])
    }
}
