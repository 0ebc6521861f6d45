import NIOCore

/// One `Event` frame of the control wire. [CTL-18] [CTL-25] [CTL-27]
public struct EventFrame: Hashable, Sendable {
    /// The id, echoed by the reply; 1 to 255 bytes.
    public var id: String
    /// The recipients in the order in which the frame names them; one may stand there twice.
    public var recipients: [ConnectionKey]
    /// The body.
    public var body: ByteBuffer

    /// Creates a frame.
    public init(id: String, recipients: [ConnectionKey], body: ByteBuffer) {
        self.id = id
        self.recipients = recipients
        self.body = body
    }

    /// Writes the frame in its wire form.
    public func write(into buffer: inout ByteBuffer) {
        buffer.writeString("Orbit 1.0\r\nEvent\r\nid: \(id)\r\n")
        for recipient in recipients {
            buffer.writeStaticString("recipient: ")
            buffer.writeBytes(recipient.bytes)
            buffer.writeStaticString("\r\n")
        }
        buffer.writeString("length: \(body.readableBytes)\r\n\r\n")
        buffer.writeImmutableBuffer(body)
    }
}
