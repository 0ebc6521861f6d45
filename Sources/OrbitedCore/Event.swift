import NIOCore
import OrbitedWire

/// One event on its way to the sessions that it names; one value and one body for all of them.
public final class Event: Sendable {
    /// What a key costs beside its bytes: the array's header and a reference.
    private static let recipientOverhead = 40

    /// The body, as the application sent it.
    public let body: ByteBuffer
    /// The recipients as the application named them; one may stand there twice.
    public let recipients: [ConnectionKey]
    /// A number that tells the sink which event a report is about.
    public let number: UInt64
    /// Where the fate of the recipients is told.
    public let sink: any ReceiptSink

    /// About how much memory it takes, in bytes: body and recipients.
    public let size: Int

    /// Creates an event.
    public init(body: ByteBuffer, recipients: [ConnectionKey], number: UInt64, sink: any ReceiptSink) {
        self.body = body
        self.recipients = recipients
        self.number = number
        self.sink = sink
        self.size = recipients.reduce(body.readableBytes) { $0 + $1.bytes.count + Self.recipientOverhead }
    }
}

/// One event for one recipient.
public struct Delivery: Sendable {
    /// The event.
    public let event: Event
    /// Which of the event's recipients it is for.
    public let recipient: UInt32
    /// How often its bytes have been given to a connection that then broke.
    public var attempts: UInt32 = 0
}
