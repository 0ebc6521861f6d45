/// What a session has only while something is under way with it.
extension Session {
    /// What passes: kept apart, so that a session at rest costs little memory.
    final class Passing {
        /// What the connection that holds the session said of the events it has seen, until that could be carried out.
        var comeback: Comeback?
        /// What a connection is to be told before the next event.
        var mark: Mark?
        /// Whether a batch is to answer at once, so that its browser knows where it stands. [BRW-103]
        var tellsAtOnce = false
        /// The poll that is being answered. Nothing else is written meanwhile, so that order is kept. [BRW-61]
        var sending: Sending?
        /// What waited in the session's former place has not arrived yet.
        var isArriving = false
        /// Up to which event the browser has acknowledged before that arrived.
        var acknowledgedMeanwhile: UInt64 = 0
        /// The reason for which an application has closed the session before that arrived.
        var closure: String?
        /// The key belongs to another place already; the session follows once nothing is on its way to it or from it.
        var onward: Onward?

        /// Whether the session is at rest.
        var isNothing: Bool {
            comeback == nil && mark == nil && !tellsAtOnce && sending == nil && !isArriving
                && acknowledgedMeanwhile == 0 && closure == nil && onward == nil
        }
    }

    var comeback: Comeback? {
        get { passing?.comeback }
        set { change(toNothing: newValue == nil) { $0.comeback = newValue } }
    }

    var mark: Mark? {
        get { passing?.mark }
        set { change(toNothing: newValue == nil) { $0.mark = newValue } }
    }

    var tellsAtOnce: Bool {
        get { passing?.tellsAtOnce ?? false }
        set { change(toNothing: !newValue) { $0.tellsAtOnce = newValue } }
    }

    var sending: Sending? {
        get { passing?.sending }
        set { change(toNothing: newValue == nil) { $0.sending = newValue } }
    }

    var isArriving: Bool {
        get { passing?.isArriving ?? false }
        set { change(toNothing: !newValue) { $0.isArriving = newValue } }
    }

    var acknowledgedMeanwhile: UInt64 {
        get { passing?.acknowledgedMeanwhile ?? 0 }
        set { change(toNothing: newValue == 0) { $0.acknowledgedMeanwhile = newValue } }
    }

    var closure: String? {
        get { passing?.closure }
        set { change(toNothing: newValue == nil) { $0.closure = newValue } }
    }

    var onward: Onward? {
        get { passing?.onward }
        set { change(toNothing: newValue == nil) { $0.onward = newValue } }
    }

    private func change(toNothing isNothing: Bool, _ assign: (Passing) -> Void) {
        guard !isNothing || passing != nil else { return }
        let passing = passing ?? Passing()
        assign(passing)
        self.passing = isNothing && passing.isNothing ? nil : passing
    }
}
