import NIOCore
import OrbitedWire

@testable import OrbitedCore

/// What only Orbit 1.1 can say, in short.
extension EventFrame.Terms {
    /// A recipient is reached by its browser's word.
    static let word = EventFrame.Terms(ack: .browser)

    /// It may wait for so many seconds.
    static func ttl(_ seconds: Int) -> EventFrame.Terms { EventFrame.Terms(ttl: seconds) }

    /// It goes to all whom these stand for.
    static func patterns(_ texts: String...) -> EventFrame.Terms {
        EventFrame.Terms(patterns: Recipients(texts).patterns)
    }
}

extension Recipients {
    /// Keys and patterns from their texts.
    init(_ texts: [String]) {
        self.init()
        for text in texts {
            if let pattern = try? KeyPattern(text) {
                patterns.append(pattern)
            } else {
                keys.append(TestHouse.key(text))
            }
        }
    }
}

extension TestSink.Fates {
    static let reached = TestSink.Fates(reached: 1)

    /// The first recipient was not reached, and nothing else was told.
    static func failed(_ reason: ControlCode) -> TestSink.Fates {
        TestSink.Fates(unreached: [Unreached(recipient: 0, reason: reason)])
    }
}

extension TestOutlet {
    /// A stream whose browser is told cursors.
    static func cursors(_ script: WriteOutcome...) -> TestOutlet {
        TestOutlet(.stream, hasCursors: true, script: script)
    }

    /// A stream of 2007, without cursors.
    static func iframe(_ script: WriteOutcome...) -> TestOutlet {
        TestOutlet(.stream, transport: "iframe", script: script)
    }

    /// A stream that takes nothing before ``drain(on:now:)``.
    static func stuck(hasCursors: Bool = true) -> TestOutlet {
        let outlet = TestOutlet(.stream, hasCursors: hasCursors)
        outlet.isDrained = false
        return outlet
    }

    /// The events and gaps that its browser got, in order; a gap is `-`.
    var story: [String] {
        frames.flatMap { $0 }.compactMap { frame in
            switch frame {
            case .event(let body, _): body
            case .mark(let mark): mark.isGap ? "-" : nil
            }
        }
    }
}

extension Comeback {
    /// The browser has seen all up to the event of that serial.
    static func seen(_ serial: UInt64) -> Comeback { .after(TestHouse.cursor(serial)) }
}

extension TestHouse {
    /// A browser says by a request of its own that it has all events up to that one; no shard has heard it yet.
    func acknowledge(_ serial: UInt64, _ user: String = "u") {
        switchboard.acknowledge(Self.cursor(serial), of: Self.key(user))
    }
}
