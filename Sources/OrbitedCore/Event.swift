import NIOCore
import OrbitedWire
import Synchronization

/// One event on its way to the sessions that it names; one value and one body for all of them.
public final class Event: Sendable {
    /// What a key costs beside its bytes: the array's header and a reference.
    private static let recipientOverhead = 40
    /// Longer than any session waits: three years, in seconds, which every clock can hold.
    private static let longestWait = 100_000_000

    /// The body, as the application sent it.
    public let body: ByteBuffer
    /// The recipients as the application named them; one may stand there twice.
    public let recipients: [ConnectionKey]
    /// A number that tells the sink which event a report is about.
    public let number: UInt64
    /// Where the fate of the recipients is told.
    public let sink: any ReceiptSink
    /// The application's name for it, which a signoff tells. [CTL-144]
    public let id: String
    /// What stands for further recipients. [CTL-121]
    public let patterns: [KeyPattern]
    /// When a recipient counts as reached. [CTL-123]
    public let ack: EventFrame.Ack
    /// Until when it may wait for a recipient; nil: as long as the session. [CTL-127]
    public let expires: NIODeadline?

    /// When the server took it; its age counts from then. [BRW-98]
    public let time: NIODeadline
    /// About how much memory it takes, in bytes: body and recipients.
    public let size: Int
    private let assignedSerial = Atomic<UInt64>(0)

    /// Its place among all events of the server, from 1; 0 until it is published. [BRW-94]
    public var serial: UInt64 { assignedSerial.load(ordering: .relaxed) }

    /// Creates an event.
    ///
    /// - Parameters:
    ///   - id: the application's name for it. Default: none.
    ///   - terms: what only Orbit 1.1 can say. Default: what holds for Orbit 1.0.
    public init(
        body: ByteBuffer, recipients: [ConnectionKey], number: UInt64, sink: any ReceiptSink, time: NIODeadline,
        id: String = "", terms: EventFrame.Terms? = nil
    ) {
        self.id = id
        self.patterns = terms?.patterns ?? []
        self.ack = terms?.ack ?? .written
        self.expires = terms?.ttl.map { time + .seconds(Int64(min($0, Self.longestWait))) }
        self.time = time
        self.body = body
        self.recipients = recipients
        self.number = number
        self.sink = sink
        self.size =
            recipients.reduce(body.readableBytes) { $0 + $1.bytes.count + Self.recipientOverhead }
            + patterns.reduce(0) { $0 + $1.byteCount + Self.recipientOverhead }
    }

    /// Gives the event its place; once, before any shard sees it.
    func assign(serial: UInt64) { assignedSerial.store(serial, ordering: .relaxed) }
}

/// One event for one recipient.
public struct Delivery: Sendable {
    /// The event.
    public let event: Event
    /// Which of the event's recipients it is for; ``matched`` for one that a pattern stands for.
    public let recipient: UInt32
    /// How often its bytes have been given to a connection that then broke.
    public var attempts: UInt16 = 0
    /// Whether its bytes have left for the browser before: it is sent again because the browser may have missed it.
    public var isReached = false
    /// Whether its bytes have left, and its fate hangs on the browser's word that it has them. [CTL-124]
    var awaitsWord = false
    /// What is to be told of a loss before it.
    var gap = Gap.none

    /// Whether an event just before a delivery is missing, and its browser has been told. [BRW-99]
    enum Gap: UInt8, Sendable {
        case none
        case owed
        case told
    }

    var serial: UInt64 { event.serial }

    /// The recipient of a delivery that no recipient names.
    static let matched = UInt32.max

    /// Whether its fate has not been told.
    var isOpen: Bool { !isReached || awaitsWord }

    /// Its fate if it is given up for such a reason: of bytes that have left nobody knows more than that. [CTL-125]
    func fate(_ reason: ControlCode) -> ControlCode { isReached ? .unconfirmed : reason }

    /// Whether it may wait no longer. One that has left before is not held to its time.
    func isExpired(_ now: NIODeadline) -> Bool {
        guard !isReached, let expires = event.expires else { return false }
        return expires <= now
    }
}
