import OrbitedWire

/// Hears of all that callbacks can tell, the moment it happens, so that what concerns one session comes in its order.
/// [CBK-4]
///
/// It is called on any thread, and under the switchboard's lock: it must neither wait nor call the switchboard.
public protocol CallbackSink: AnyObject, Sendable {
    /// A session has begun, or ended.
    func noticed(_ notice: Notice)

    /// An event did not reach a recipient, whoever sent it.
    func failed(_ failure: EventFailure)
}
