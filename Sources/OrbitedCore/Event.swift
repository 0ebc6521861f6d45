import NIOCore
import OrbitedWire
import Synchronization

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

    /// When the server took it; its age counts from then. [BRW-98]
    public let time: NIODeadline
    /// About how much memory it takes, in bytes: body and recipients.
    public let size: Int
    private let assignedSerial = Atomic<UInt64>(0)

    /// Its place among all events of the server, from 1; 0 until it is published. [BRW-94]
    public var serial: UInt64 { assignedSerial.load(ordering: .relaxed) }

    /// Creates an event.
    public init(
        body: ByteBuffer, recipients: [ConnectionKey], number: UInt64, sink: any ReceiptSink, time: NIODeadline
    ) {
        self.time = time
        self.body = body
        self.recipients = recipients
        self.number = number
        self.sink = sink
        self.size = recipients.reduce(body.readableBytes) { $0 + $1.bytes.count + Self.recipientOverhead }
    }

    /// Gives the event its place; once, before any shard sees it.
    func assign(serial: UInt64) { assignedSerial.store(serial, ordering: .relaxed) }
}

/// One event for one recipient.
public struct Delivery: Sendable {
    /// The event.
    public let event: Event
    /// Which of the event's recipients it is for.
    public let recipient: UInt32
    /// How often its bytes have been given to a connection that then broke.
    public var attempts: UInt16 = 0
    /// Whether its recipient has been reached, and that was told: it is sent again because the browser may have missed it.
    public var isReached = false
    /// What is to be told of a loss before it.
    var gap = Gap.none

    /// Whether an event just before a delivery is missing, and its browser has been told. [BRW-99]
    enum Gap: UInt8, Sendable {
        case none
        case owed
        case told
    }

    var serial: UInt64 { event.serial }
}
