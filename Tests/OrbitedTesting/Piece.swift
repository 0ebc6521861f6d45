import Foundation

/// Some bytes of a vector.
public struct Piece: Decodable, Sendable {
    /// The bytes.
    public let bytes: [UInt8]

    private struct Repeat: Decodable {
        let text: String
        let count: Int
    }

    private enum CodingKeys: CodingKey { case text, base64, `repeat` }

    /// Reads text, base64, or text that is repeated.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let text = try container.decodeIfPresent(String.self, forKey: .text) {
            bytes = Array(text.utf8)
        } else if let data = try container.decodeIfPresent(Data.self, forKey: .base64) {
            bytes = Array(data)
        } else {
            let part = try container.decode(Repeat.self, forKey: .repeat)
            bytes = Array(repeatElement(Array(part.text.utf8), count: part.count).joined())
        }
    }
}

extension [Piece] {
    /// The bytes of all pieces, one after the other.
    public var bytes: [UInt8] { flatMap(\.bytes) }
}
