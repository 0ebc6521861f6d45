import NIOCore

/// A file that never changes while the server runs.
struct DaemonFile: Sendable {
    /// What kind of file it is, as its `Content-Type`.
    enum Kind: String {
        case html = "text/html; charset=utf-8"
        case javaScript = "text/javascript; charset=utf-8"
        case text = "text/plain; charset=utf-8"
    }

    let contentType: String
    let body: ByteBuffer
    /// What is sent with it besides.
    let headers: [(String, String)]
    /// A strong validator, from the bytes. [BRW-131]
    let etag: String

    init(_ kind: Kind, _ bytes: [UInt8], headers: [(String, String)] = []) {
        contentType = kind.rawValue
        body = ByteBuffer(bytes: bytes)
        self.headers = headers
        // FNV-1a: the same in every process, which Swift's own hashes are not.
        let hash = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        etag = "\"\(String(hash, radix: 16))\""
    }

    init(_ kind: Kind, _ text: String, headers: [(String, String)] = []) {
        self.init(kind, Array(text.utf8), headers: headers)
    }
}
