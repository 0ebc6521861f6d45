import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Signs callbacks as Standard Webhooks does: HMAC-SHA256 of id, time and body. [CBK-6]
struct CallbackKey: Sendable {
    private static let prefix = "whsec_"
    private let key: SymmetricKey

    /// Takes a secret; behind `whsec_` it is written in base64. Nil if that is not base64.
    init?(_ secret: some Collection<UInt8>) {
        guard secret.starts(with: Self.prefix.utf8) else {
            key = SymmetricKey(data: Array(secret))
            return
        }
        let text = String(decoding: secret.dropFirst(Self.prefix.utf8.count), as: UTF8.self)
        guard let data = Data(base64Encoded: text), !data.isEmpty else { return nil }
        key = SymmetricKey(data: data)
    }

    /// The value of `webhook-signature`.

    func signature(id: String, time: Int, body: [UInt8]) -> String {
        let content = Data("\(id).\(time).".utf8) + body
        let code = HMAC<SHA256>.authenticationCode(for: content, using: key)
        return "v1," + Data(code).base64EncodedString()
    }
}
