import NIOCore

/// One `Event` frame of the control wire. [CTL-18] [CTL-25] [CTL-27]
public struct EventFrame: Hashable, Sendable {
    /// The id, echoed by the reply; 1 to 255 bytes.
    public var id: String
    /// The recipients in the order in which the frame names them; one may stand there twice.
    public var recipients: [ConnectionKey]
    /// The body.
    public var body: ByteBuffer
    /// What only Orbit 1.1 can say; nil for a frame of Orbit 1.0, whose receipt has the form of that version.
    public var terms: Terms?

    /// Creates a frame.
    public init(id: String, recipients: [ConnectionKey], body: ByteBuffer, terms: Terms? = nil) {
        self.id = id
        self.recipients = recipients
        self.body = body
        self.terms = terms
    }

    /// When a recipient counts as reached. [CTL-123]
    public enum Ack: String, Hashable, Sendable, CaseIterable {
        /// All bytes of the event have been handed to the system's socket; the default of a server.
        case written
        /// The browser has said that it has the event.
        case browser
    }

    /// What an event of Orbit 1.1 has beside recipients and body.
    public struct Terms: Hashable, Sendable {
        /// Patterns that stand for further recipients. [CTL-121]
        public var patterns: [KeyPattern]
        /// When a recipient counts as reached.
        public var ack: Ack
        /// How many seconds it may wait for a recipient; nil: as long as the session. [CTL-127]
        public var ttl: Int?

        /// Creates terms.
        public init(patterns: [KeyPattern] = [], ack: Ack = .written, ttl: Int? = nil) {
            self.patterns = patterns
            self.ack = ack
            self.ttl = ttl
        }
    }
}
