import NIOCore
import NIOHTTP1

/// Reads the head of a request, if it is whole and as plain as that of a browser that asks for a stream: a GET of HTTP/1.1
/// without a body, an upgrade, or anything else that takes more than a look. All others, good or bad, are left to NIO's
/// parser, which would read these the same.
struct PlainHead {
    private var rest: Slice<UnsafeBufferPointer<UInt8>>

    /// The head, if it is all that there is, and plain.
    static func read(_ bytes: ByteBuffer) -> HTTPRequestHead? {
        bytes.withUnsafeReadableBytes { bytes in
            var reader = PlainHead(rest: bytes.bindMemory(to: UInt8.self)[...])
            return reader.head()
        }
    }

    private mutating func head() -> HTTPRequestHead? {
        guard take("GET "), rest.first == UInt8(ascii: "/") else { return nil }
        let target = text { (0x21...0x7E).contains($0) }
        guard take(" HTTP/1.1\r\n") else { return nil }
        var fields: [(String, String)] = []
        fields.reserveCapacity(16)
        while rest.first != UInt8(ascii: "\r") {
            guard let field = field() else { return nil }
            fields.append(field)
        }
        guard take("\r\n"), rest.isEmpty else { return nil }
        return HTTPRequestHead(version: .http1_1, method: .GET, uri: target, headers: HTTPHeaders(fields))
    }

    private mutating func field() -> (name: String, value: String)? {
        let name = text(of: Self.isToken)
        guard !name.isEmpty, take(":") else { return nil }
        rest = rest.drop(while: Self.isBlank)
        let value = rest.prefix { Self.isBlank($0) || (0x21...0x7E).contains($0) }
        rest = rest[value.endIndex...]
        // NIO's parser does not always trim what ends with blanks.
        guard value.last.map(Self.isBlank) != true, take("\r\n") else { return nil }
        let field = (name: name, value: String(decoding: value, as: UTF8.self))
        return Self.isPlain(field) ? field : nil
    }

    /// Whether a field changes nothing in how the request is to be read, or what follows it.
    private static func isPlain(_ field: (name: String, value: String)) -> Bool {
        switch field.name.utf8.count {
        case 6, 7, 14, 16, 17:
            !["expect", "upgrade", "content-length", "proxy-connection", "transfer-encoding"]
                .contains(field.name.lowercased())
        case 10:
            field.name.lowercased() != "connection" || ["keep-alive", "close"].contains(field.value.lowercased())
        default: true
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// RFC 9110, section 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        // The others that are allowed are not to be seen in names.
        default: false
        }
    }

    private mutating func text(of isPart: (UInt8) -> Bool) -> String {
        let bytes = rest.prefix(while: isPart)
        rest = rest[bytes.endIndex...]
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func take(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { expected in
            guard rest.starts(with: expected) else { return false }
            rest = rest.dropFirst(expected.count)
            return true
        }
    }
}
