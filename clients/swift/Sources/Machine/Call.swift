/// One call, from the moment it is made to its end; its reply may come later.
final class Call: Wait {
    /// What becomes of a call whose connection is lost before its reply.
    enum Loss {
        /// It ends with an error.
        case fail
        /// It is sent again.
        case again
        /// It is done, since it was about that connection.
        case done
    }

    let frame: Frame
    let onLoss: Loss
    /// The number under which it was sent last.
    private(set) var number = 0
    /// How many bytes it had then.
    private(set) var size = 0
    private var isMaybeDelivered = false
    /// Whether the server could have carried it out before it was sent last.
    private var wasMaybeDelivered = false

    init(
        _ frame: Frame, onLoss: Loss, deadline: Duration = .never,
        onEnd: @escaping (Result<Value, OrbitedError>) -> Void = { _ in }
    ) {
        self.frame = frame
        self.onLoss = onLoss
        super.init(deadline: deadline, onEnd: onEnd)
    }

    override var maybeDelivered: Bool { isMaybeDelivered }

    /// It is sent.
    func send(as number: Int, size: Int) {
        self.number = number
        self.size = size
        wasMaybeDelivered = isMaybeDelivered
        switch frame.action {
        case .event, .close: isMaybeDelivered = true
        // Doing any other twice is as good as once.
        case .auth, .ping, .watch, .unwatch, .list: break
        }
    }

    /// The server has refused what was sent last.
    func refuse() { isMaybeDelivered = wasMaybeDelivered }
}
