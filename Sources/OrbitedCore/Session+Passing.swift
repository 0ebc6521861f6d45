/// What a session has only while something is under way with it.
extension Session {
    /// What passes: kept apart, so that a session at rest costs little memory.
    struct Passing {
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

    /// Where what passes is, while there is any.
    final class PassingBox {
        var passing = Passing()
    }

    var comeback: Comeback? {
        get { box?.passing.comeback }
        set { set(\.comeback, newValue, isNothing: newValue == nil) }
    }

    var mark: Mark? {
        get { box?.passing.mark }
        set { set(\.mark, newValue, isNothing: newValue == nil) }
    }

    var tellsAtOnce: Bool {
        get { box?.passing.tellsAtOnce ?? false }
        set { set(\.tellsAtOnce, newValue, isNothing: !newValue) }
    }

    var sending: Sending? {
        get { box?.passing.sending }
        set { set(\.sending, newValue, isNothing: newValue == nil) }
    }

    var isArriving: Bool {
        get { box?.passing.isArriving ?? false }
        set { set(\.isArriving, newValue, isNothing: !newValue) }
    }

    var acknowledgedMeanwhile: UInt64 {
        get { box?.passing.acknowledgedMeanwhile ?? 0 }
        set { set(\.acknowledgedMeanwhile, newValue, isNothing: newValue == 0) }
    }

    var closure: String? {
        get { box?.passing.closure }
        set { set(\.closure, newValue, isNothing: newValue == nil) }
    }

    var onward: Onward? {
        get { box?.passing.onward }
        set { set(\.onward, newValue, isNothing: newValue == nil) }
    }

    private func set<Value>(_ path: WritableKeyPath<Passing, Value>, _ value: Value, isNothing: Bool) {
        guard let box else {
            guard !isNothing else { return }
            let box = PassingBox()
            box.passing[keyPath: path] = value
            self.box = box
            return
        }
        box.passing[keyPath: path] = value
        if isNothing, box.passing.isNothing { self.box = nil }
    }
}
