import NIOCore

/// What the server answers to one frame of the control wire. [CTL-34] [CTL-35] [CTL-55]
public enum ControlReply: Hashable, Sendable {
    /// Every recipient was reached.
    case success(id: String)
    /// Some were not; they stand in the order in which the event named them.
    case unreached(id: String, recipients: [ConnectionKey])
    /// A frame of Orbit 1.1 was carried out. [CTL-116]
    case done(id: String, headers: [Header] = [], body: ByteBuffer? = nil)
    /// Some recipients of an event of Orbit 1.1 were not reached. [CTL-119]
    case fates(id: String, reached: Int, unreached: [Fate])
    /// The frame could not be taken.
    case fault(id: String?, ControlFault)

    /// A header beside the id.
    public struct Header: Hashable, Sendable {
        let name: String
        let value: String

        /// Creates a header.
        public init(_ name: String, _ value: some CustomStringConvertible) {
            self.name = name
            self.value = value.description
        }
    }

    /// A recipient that was not reached, and why.
    public struct Fate: Hashable, Sendable {
        let key: ConnectionKey
        let reason: ControlCode

        /// Creates a fate.
        public init(_ key: ConnectionKey, _ reason: ControlCode) {
            self.key = key
            self.reason = reason
        }
    }

    /// Writes the reply in its wire form.
    public func write(into buffer: inout ByteBuffer) {
        switch self {
        case .success(let id):
            Self.writeSuccess(id, [], into: &buffer)
        case .unreached(let id, let recipients):
            buffer.writeString("Failure\r\nid: \(id)\r\nmsg: \(ControlCode.unreachable.message)\r\n")
            for recipient in recipients {
                buffer.writeStaticString("recipient: (")
                buffer.writeBytes(recipient.bytes)
                buffer.writeStaticString(")\r\n")
            }
            buffer.writeStaticString("\r\n")
        case .done(let id, let headers, nil):
            Self.writeSuccess(id, headers, into: &buffer)
        case .done(let id, let headers, let body?):
            Self.writeSuccess(id, headers + [Header("length", body.readableBytes)], into: &buffer)
            buffer.writeImmutableBuffer(body)
        case .fates(let id, let reached, let unreached):
            buffer.writeString(
                "Failure\r\nid: \(id)\r\nmsg: \(ControlCode.unreachable.message)\r\nreached: \(reached)\r\n")
            for fate in unreached {
                buffer.writeString("unreached: \(fate.reason.rawValue) \(fate.reason.name) (")
                buffer.writeBytes(fate.key.bytes)
                buffer.writeStaticString(")\r\n")
            }
            buffer.writeStaticString("\r\n")
        case .fault(let id, let fault):
            buffer.writeStaticString("Failure\r\n")
            if let id { buffer.writeString("id: \(id)\r\n") }
            buffer.writeString("msg: \(fault.message)\r\ncode: \(fault.code.rawValue) \(fault.code.name)\r\n\r\n")
        }
    }

    /// The most common replies by far, in one go.
    private static func writeSuccess(_ id: String, _ headers: [Header], into buffer: inout ByteBuffer) {
        let words: StaticString = "Success\r\nid: "
        let length = headers.reduce(words.utf8CodeUnitCount + id.utf8.count + 4) {
            $0 + $1.name.utf8.count + $1.value.utf8.count + 4
        }
        buffer.writeText(atMost: length) { text in
            text.append(words)
            text.append(text: id)
            text.append("\r\n")
            for header in headers {
                text.append(text: header.name)
                text.append(": ")
                text.append(text: header.value)
                text.append("\r\n")
            }
            text.append("\r\n")
        }
    }
}
