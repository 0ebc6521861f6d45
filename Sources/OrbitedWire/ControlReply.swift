import NIOCore

/// What the server answers to one frame of the control wire. [CTL-34] [CTL-35] [CTL-55]
public enum ControlReply: Hashable, Sendable {
    /// Every recipient was reached.
    case success(id: String)
    /// Some were not; they stand in the order in which the event named them.
    case unreached(id: String, recipients: [ConnectionKey])
    /// The frame could not be taken.
    case fault(id: String?, ControlFault)

    /// Writes the reply in its wire form.
    public func write(into buffer: inout ByteBuffer) {
        switch self {
        case .success(let id):
            buffer.writeStaticString("Success\r\nid: ")
            buffer.writeString(id)
            buffer.writeStaticString("\r\n\r\n")
        case .unreached(let id, let recipients):
            buffer.writeString("Failure\r\nid: \(id)\r\nmsg: \(ControlCode.unreachable.message)\r\n")
            for recipient in recipients {
                buffer.writeStaticString("recipient: (")
                buffer.writeBytes(recipient.bytes)
                buffer.writeStaticString(")\r\n")
            }
            buffer.writeStaticString("\r\n")
        case .fault(let id, let fault):
            buffer.writeStaticString("Failure\r\n")
            if let id { buffer.writeString("id: \(id)\r\n") }
            buffer.writeString("msg: \(fault.message)\r\ncode: \(fault.code.rawValue) \(fault.code.name)\r\n\r\n")
        }
    }
}
