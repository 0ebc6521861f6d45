import NIOCore
import OrbitedWire

/// The bounds on one control connection.
struct ControlConnectionLimits: Sendable {
    /// The bounds on one frame.
    let frame: ControlLimits
    /// How long a frame may take to arrive; beyond it 401.
    let frameTimeout: TimeAmount
    /// How many events may be without an answer; beyond it the server reads no more.
    let maxInFlight: Int
    /// How many bytes of bodies they may have; beyond it the server reads no more.
    let maxInFlightBytes: Int
    /// What each connection must show before anything else; nil: nothing. [CTL-130]
    let secret: Secret?
    /// Counts control connections.
    let connections: ConnectionLimit
    /// How long a connection that this side has closed waits for the peer to close it too.
    static let linger = TimeAmount.seconds(1)
}
