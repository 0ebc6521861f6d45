/// A watch over all connections of a client.
final class Subscription {
    private let recipients: [Recipient]
    let reader: NoticeBuffer
    private let wantsState: Bool
    /// Where to go on after a lost connection.
    private var place: NoticePlace?
    /// How many notices `present` are still to come.
    private var present = 0
    /// Whether it was begun on a former connection, or by another process.
    private var goesOn: Bool
    /// Its number on the present connection, once its frame is sent.
    var number: Int?

    /// - Parameter recipients: of which a frame within the client's limits can be made.
    init(_ recipients: [Recipient], state: Bool, since place: NoticePlace?, _ reader: NoticeBuffer) {
        self.recipients = recipients
        self.reader = reader
        wantsState = state
        self.place = place
        goesOn = place != nil
    }

    /// The frame that begins it, or goes on with it. [CTL-153]
    func frame() -> Frame {
        .checked { () throws(OrbitedError) in
            try .watch(recipients, state: wantsState, since: place, limits: .boundless)
        }
    }

    /// The server has answered; false: the reader can't take more.
    func begin(_ start: WatchStart) -> Bool {
        let hasMissed = goesOn && !start.isResumed
        goesOn = true
        present = start.present
        place = start.present > 0 ? nil : start.place
        reader.begin(start)
        return !hasMissed || reader.take(.gap(at: start.place))
    }

    /// A notice has come; false: the reader can't take more.
    func take(_ notice: WatchNotice) -> Bool {
        if notice.isPresent { present -= 1 }
        // A state of which only a part has come can't be gone on with: it is asked for anew. [CTL-156]
        if present <= 0 { place = notice.place }
        return reader.take(notice)
    }

    /// The connection is gone.
    func lose() {
        number = nil
        present = 0
    }
}
