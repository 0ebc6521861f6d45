import Foundation

extension Variables {
    /// The bytes that a case writes as text, `{"base64"}`, `{"repeat": {"text", "count"}}`, or a list of these.
    ///
    /// - Throws: ``Difference`` if the value is none of them.
    func bytes(_ value: JSONValue) throws -> [UInt8] {
        switch value {
        case .string(let text):
            return Array(try self.text(text).utf8)
        case .array(let parts):
            return try parts.flatMap { try bytes($0) }
        case .object(let members) where members.count == 1:
            if let text = members["base64"]?.string, let data = Data(base64Encoded: try self.text(text)) {
                return Array(data)
            }
            if let text = members["repeat"]?["text"]?.string, let count = members["repeat"]?["count"]?.number,
                let count = Int(exactly: count), count >= 0
            {
                return Self.repeated(Array(try self.text(text).utf8), count)
            }
            fallthrough
        default:
            throw Difference("the case has bytes that are neither text, base64, repeat nor a list", got: value.text)
        }
    }

    /// The bytes so many times; by doubling, since a case may want tens of megabytes.
    private static func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        guard count > 1 else { return count == 1 ? bytes : [] }
        let half = repeated(bytes, count / 2)
        return count.isMultiple(of: 2) ? half + half : half + half + bytes
    }
}
