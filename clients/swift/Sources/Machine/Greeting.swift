import OrbitedWire

/// What the answer to the first frame of a connection means.
///
/// A connection begins with an `Auth`, or with a `Ping`: the answer tells whether the server speaks Orbit 1.1. [CTL-155]
enum Greeting {
    /// The server lets the connection in.
    case welcome
    /// So it does, and speaks Orbit 1.0 only. [CTL-152]
    case old
    /// It does not.
    case refused(OrbitedError)

    /// - Parameter frame: what was answered, which need not be what would be sent now.
    init(_ answer: Result<Value, OrbitedError>, to frame: Frame) {
        guard case .failure(let error) = answer else {
            self = .welcome
            return
        }
        switch error.code {
        case Int(ControlCode.badAction.rawValue): self = .old
        // Without a secret each call is told that it needs one.
        case Int(ControlCode.authRequired.rawValue) where frame.action == .ping: self = .welcome
        default: self = .refused(error)
        }
    }
}
