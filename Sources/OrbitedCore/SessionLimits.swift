import NIOCore

/// The times and bounds of sessions. The defaults are those of `protocol/registry.json`.
public struct SessionLimits: Sendable, Equatable {
    /// How long a session outlives its connection. Default 5 s.
    public var grace = TimeAmount.seconds(5)
    /// How many events may wait for a browser. Default 1,000.
    public var maxWaiting = 1_000
    /// How many bytes of bodies may wait for a browser. Default 1 MiB.
    public var maxWaitingBytes = 1_048_576
    /// What becomes of events beyond that. Default: the newest is refused.
    public var overflow = OverflowPolicy.refuse
    /// How many written events are kept to be sent again, until they are acknowledged. Default 256.
    public var maxReplay = 256
    /// How many bytes of bodies of written events are kept to be sent again. Default 1 MiB.
    public var maxReplayBytes = 1_048_576
    /// How old an event may be that is sent again. Default 120 s.
    public var replayAge = TimeAmount.seconds(120)
    /// How many polls of one session may wait; beyond it the oldest is answered empty. Default 4.
    public var maxPolls = 4
    /// How often an event whose write broke off is written again on a later connection. Default 1.
    public var retryLimit = 1
    /// How long a stream is silent before a ping. Default 25 s.
    public var heartbeat = TimeAmount.seconds(25)
    /// How long a poll waits for an event. Default 30 s.
    public var pollTimeout = TimeAmount.seconds(30)
    /// How long a socket may take nothing while bytes wait for it. Default 30 s.
    public var writeTimeout = TimeAmount.seconds(30)

    /// Creates the default limits.
    public init() {}
}
