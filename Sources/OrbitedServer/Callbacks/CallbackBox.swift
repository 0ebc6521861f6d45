/// The callbacks that are not taken yet: those on their way to the poster, lane by lane, and how much there is with
/// those that it has. [CBK-8]
struct CallbackBox {
    /// What has come for one lane.
    struct Mail {
        var callbacks: [Callback] = []
        /// How many there was no room for.
        var dropped = 0
    }

    private let most: Int
    private let mostBytes: Int
    private var mail: [Mail]
    private var isEmpty = true
    private(set) var count = 0
    private(set) var bytes = 0

    /// - Parameters:
    ///   - most: how many callbacks may wait.
    ///   - mostBytes: how large they may be together.
    init(lanes: Int, most: Int, mostBytes: Int) {
        self.most = most
        self.mostBytes = mostBytes
        mail = Array(repeating: Mail(), count: lanes)
    }

    /// Takes a callback, or counts that there is no room for it; answers whether the box was empty before.
    mutating func add(_ callback: Callback) -> Bool {
        defer { isEmpty = false }
        // One session's callbacks all go to one lane, which keeps their order. [CBK-4]
        let lane = Int(UInt(bitPattern: callback.key.hashValue) % UInt(mail.count))
        guard count < most, bytes + callback.size <= mostBytes else {
            mail[lane].dropped += 1
            return isEmpty
        }
        count += 1
        bytes += callback.size
        mail[lane].callbacks.append(callback)
        return isEmpty
    }

    /// Hands over what has come, a piece of mail a lane. It keeps its room until it is freed.
    mutating func take() -> [Mail] {
        defer {
            mail = Array(repeating: Mail(), count: mail.count)
            isEmpty = true
        }
        return mail
    }

    /// Callbacks that were handed over need no room any more.
    mutating func free(_ callbacks: [Callback]) {
        count -= callbacks.count
        bytes -= callbacks.reduce(0) { $0 + $1.size }
    }
}
