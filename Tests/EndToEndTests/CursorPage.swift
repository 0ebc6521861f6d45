import Foundation
import NIOCore

/// A page that knows one transport with cursors: what it makes of the bytes that it has, however they are cut.
struct CursorPage {
    /// How the transport looks on the wire.
    enum Form: String, CaseIterable, CustomStringConvertible {
        case sse
        case sseHTTP10 = "sse on HTTP/1.0"
        case ndjson
        case ws
        case poll
        case jsonp

        var transport: String { self == .sseHTTP10 ? "sse" : rawValue }
        var isPoll: Bool { self == .poll || self == .jsonp }
        var description: String { rawValue }
    }

    /// What the page's code gets.
    enum Item: Equatable {
        case event(String)
        case gap
    }

    let form: Form
    let target: String
    private(set) var items: [Item] = []
    private(set) var cursor: String?
    /// What has come on the present connection and means nothing yet.
    private var rest: [UInt8] = []
    private var hasHead = false
    /// How many bytes of the present body mean something already.
    private var consumed = 0
    /// Polls: whether an answer has come since the last request.
    private var isAnswered = true

    init(_ form: Form, user: String) {
        self.form = form
        target = "/cut?user=\(user)&transport=\(form.transport)" + (form == .jsonp ? "&callback=page.got" : "")
    }

    // MARK: Requests

    /// The next request on the present connection, if one is due.
    mutating func request() -> String? {
        guard form.isPoll ? isAnswered : rest.isEmpty && !hasHead && isAnswered else { return nil }
        isAnswered = false
        let version = form == .sseHTTP10 ? "1.0" : "1.1"
        var head = "GET \(target)\(cursor.map { "&last=\($0)" } ?? "") HTTP/\(version)\r\nHost: example.org\r\n"
        if form == .ws {
            head += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            head += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        }
        return head + "\r\n"
    }

    /// The connection is gone, with all that was not whole.
    mutating func disconnect() {
        rest = []
        hasHead = false
        isAnswered = true
        consumed = 0
    }

    // MARK: Responses

    mutating func take(_ bytes: ByteBuffer) {
        rest += Array(bytes.readableBytesView)
        while step() {}
    }

    /// Takes one whole piece off the bytes; answers whether there was one.
    private mutating func step() -> Bool {
        if form.isPoll { return takeResponse() }
        if !hasHead {
            guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else { return false }
            rest.removeFirst(end.upperBound)
            hasHead = true
            return true
        }
        switch form {
        case .sse, .sseHTTP10: return takeBlock()
        case .ndjson: return takeLine()
        case .ws: return takeMessage()
        case .poll, .jsonp: return false
        }
    }

    /// The body so far, without its chunks, which may be cut anywhere.
    private func body() -> [UInt8] {
        guard form == .sse || form == .ndjson else { return rest }
        var body: [UInt8] = []
        var at = rest[...]
        while let line = at.firstRange(of: [13, 10]),
            let size = Int(String(decoding: at[..<line.lowerBound], as: UTF8.self), radix: 16)
        {
            body += at[line.upperBound...].prefix(size)
            guard at[line.upperBound...].count >= size + 2 else { break }
            at = at[(line.upperBound + size + 2)...]
        }
        return body
    }

    private mutating func takeBlock() -> Bool {
        let unread = body().dropFirst(consumed)
        guard let end = unread.firstRange(of: [10, 10]) else { return false }
        consumed += end.upperBound - unread.startIndex
        var name = "message"
        var id: String?
        var data: [String] = []
        for line in String(decoding: unread[..<end.lowerBound], as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("id: ") { id = String(line.dropFirst(4)) }
            if line.hasPrefix("event: ") { name = String(line.dropFirst(7)) }
            if line.hasPrefix("data: ") { data.append(String(line.dropFirst(6))) }
        }
        if let id { cursor = id }
        if name == "gap" {
            items.append(.gap)
        } else if !data.isEmpty {
            items.append(.event(data.joined(separator: "\n")))
        }
        return true
    }

    private mutating func takeLine() -> Bool {
        let unread = body().dropFirst(consumed)
        guard let end = unread.firstIndex(of: 10) else { return false }
        consumed += end + 1 - unread.startIndex
        take(object: Data(unread[..<end]))
        return true
    }

    private mutating func takeMessage() -> Bool {
        guard rest.count >= 2 else { return false }
        var size = Int(rest[1])
        var start = 2
        if size == 126 {
            guard rest.count >= 4 else { return false }
            size = Int(rest[2]) << 8 | Int(rest[3])
            start = 4
        }
        guard rest.count >= start + size else { return false }
        if rest[0] == 0x81 { take(object: Data(rest[start..<(start + size)])) }
        rest.removeFirst(start + size)
        return true
    }

    private mutating func takeResponse() -> Bool {
        guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else { return false }
        let head = String(decoding: rest[..<end.lowerBound], as: UTF8.self).lowercased().split(separator: "\r\n")
        let length = head.first { $0.hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
        guard rest.count >= end.upperBound + length else { return false }
        var object = rest[end.upperBound..<(end.upperBound + length)]
        if form == .jsonp { object = object.dropFirst("/**/page.got(".utf8.count).dropLast(3) }
        take(object: Data(object))
        rest.removeFirst(end.upperBound + length)
        isAnswered = true
        return true
    }

    private mutating func take(object: Data) {
        guard let object = try? JSONSerialization.jsonObject(with: object) as? [String: Any] else {
            items.append(.event("not an object: \(String(decoding: object, as: UTF8.self))"))
            return
        }
        if object["gap"] as? Bool == true { items.append(.gap) }
        if let data = object["data"] as? String { items.append(.event(data)) }
        for event in object["events"] as? [String] ?? [] { items.append(.event(event)) }
        if let told = object["cursor"] as? String { cursor = told }
    }
}
