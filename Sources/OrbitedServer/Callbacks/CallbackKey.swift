import CLibcrypto

/// Signs callbacks as Standard Webhooks does: HMAC-SHA256 of id, time and body. [CBK-6]
struct CallbackKey: Sendable {
    private static let prefix = "whsec_"
    private let key: [UInt8]

    /// Takes a secret; behind `whsec_` it is written in base64. Nil if that is not base64.
    init?(_ secret: some Collection<UInt8>) {
        guard secret.starts(with: Self.prefix.utf8) else {
            key = Array(secret)
            return
        }
        guard let key = Base64.decode(Array(secret.dropFirst(Self.prefix.utf8.count))), !key.isEmpty else { return nil }
        self.key = key
    }

    /// The value of `webhook-signature`.
    func signature(id: String, time: Int, body: [UInt8]) -> String {
        let content = Array("\(id).\(time).".utf8) + body
        var code = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        HMAC(EVP_sha256(), key, CInt(key.count), content, content.count, &code, &length)
        return "v1," + Base64.encode(Array(code.prefix(Int(length))))
    }
}

/// RFC 4648 §4
private enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        // Four characters for three bytes, and a NUL.
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let length = EVP_EncodeBlock(&text, bytes, CInt(bytes.count))
        return String(decoding: text.prefix(Int(length)), as: UTF8.self)
    }

    /// Nil if the text is no base64 with its padding.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3 + 3)
        let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let length = EVP_DecodeBlock(&bytes, text, CInt(text.count))
        guard text.count.isMultiple(of: 4), padding <= 2, length >= padding else { return nil }
        return Array(bytes.prefix(Int(length) - padding))
    }
}
