import Foundation

/// The opening handshake of a WebSocket on the browser's side (RFC 6455, section 4.1).
struct WebSocketHandshake: Hashable, Sendable {
    private static let subprotocol = "orbited.1"

    private let key: String

    init() { key = Data((0..<16).map { _ in UInt8.random(in: 0...255) }).base64EncodedString() }

    /// The headers of the request; those that a case gives itself are left out.
    func headers(without given: [Frame.Header]) -> [Frame.Header] {
        let all = [
            Frame.Header(name: "Upgrade", value: "websocket"),
            Frame.Header(name: "Connection", value: "Upgrade"),
            Frame.Header(name: "Sec-WebSocket-Key", value: key),
            Frame.Header(name: "Sec-WebSocket-Version", value: "13"),
            Frame.Header(name: "Sec-WebSocket-Protocol", value: Self.subprotocol),
        ]
        let names = Set(given.map { $0.name.lowercased() })
        return all.filter { !names.contains($0.name.lowercased()) }
    }

    /// Checks the response, which has the status 101 [WSK-3] [WSK-4] [WSK-6].
    ///
    /// - Parameter given: the headers of the case, which may ask for another key or another subprotocol.
    /// - Throws: ``Violation``
    func check(_ head: ResponseHead, given: [Frame.Header]) throws {
        func own(_ name: String) -> String? { given.first { $0.name.lowercased() == name }?.value }
        let key = own("sec-websocket-key") ?? key
        let accept = Data(SHA1.digest(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))).base64EncodedString()
        guard head.values(of: "sec-websocket-accept") == [accept] else {
            throw Violation("Sec-WebSocket-Accept is not \(accept), as the key asks for [WSK-3]", head.value.text)
        }
        guard head.words(of: "upgrade") == ["websocket"], head.words(of: "connection").contains("upgrade") else {
            throw Violation("the response does not say `Upgrade: websocket` and `Connection: Upgrade`", head.value.text)
        }
        let offered = (own("sec-websocket-protocol") ?? Self.subprotocol).split(separator: ",").map(\.trimmed)
        let chosen = offered.contains(Self.subprotocol) ? [Self.subprotocol] : []
        guard head.values(of: "sec-websocket-protocol") == chosen else {
            throw Violation("the server chooses orbited.1 if it is offered, and nothing else [WSK-4]", head.value.text)
        }
        guard head.values(of: "sec-websocket-extensions").isEmpty else {
            throw Violation("the server agrees to an extension [WSK-6]", head.value.text)
        }
    }
}
