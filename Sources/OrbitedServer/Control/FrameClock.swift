import NIOCore

/// Measures how long the frame that has begun on a control connection is under way. Time in which the server itself
/// does not read is left out. [CTL-85] [CTL-86]
struct FrameClock {
    private let timeout: TimeAmount
    private var frame: UInt64?
    private var pausedSince: NIODeadline?
    private var end = NIODeadline.distantFuture

    init(timeout: TimeAmount) {
        self.timeout = timeout
    }

    /// When the frame that has begun is late; `nil` if none has, or while its time stands still.
    var deadline: NIODeadline? { frame == nil || pausedSince != nil ? nil : end }

    /// Tells how things are.
    ///
    /// - Parameters:
    ///   - frame: the number of the frame that has begun, if one has.
    ///   - isReading: whether the server takes what comes.
    mutating func update(frame: UInt64?, isReading: Bool, now: () -> NIODeadline) {
        if frame != self.frame {
            self.frame = frame
            pausedSince = nil
            if frame != nil { end = now() + timeout }
        }
        guard frame != nil else { return }
        switch (isReading, pausedSince) {
        case (true, let since?):
            end = end + (now() - since)
            pausedSince = nil
        case (false, nil):
            pausedSince = now()
        case (true, nil), (false, _?):
            break
        }
    }
}
