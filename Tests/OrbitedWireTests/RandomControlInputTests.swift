import NIOCore
import OrbitedWire
import OrbitedTesting
import Testing

@Suite("Random bytes on the control wire")
struct RandomControlInputTests {
    private static let limits = ControlLimits(line: 40, headers: 4, recipients: 3, body: 20)

    private static let tokens = [
        "Orbit 1.0\r\n", "Orbit\n", "Event\r\n", "Event\n", "Evnt\r\n", "id: 7\r\n", "ID: \r\n", "id: 8\n",
        "recipient: u, s, /l\r\n", "Recipient: u, s\r\n", "length: 2\r\n", "length: 0\r\n", "length: 21\r\n",
        "length: -1\r\n", "x: y\r\n", "x\r\n", "\r\n", "\n", "\r", "{}", "é", "x: \u{0}\r\n",
        "Orbit 1.1\r\n", "Ping\r\n", "Watch\r\n", "List\r\n", "recipient: *, s, *\r\n", "recipient: *, *\r\n",
        "ack: browser\r\n", "Ttl: 3\n", "ttl: x\r\n", "state: yes\r\n", "epoch: e\r\n", "sequence: 4\r\n",
        "limit: 0\r\n", "watch: w\r\n", "Orbit 1.1\r\nAuth\r\nid: a\r\nlength: 2\r\n\r\n{}",
        "y: 0123456789012345678901234567890123456789\r\n", "Orbit 1.0\r\nEvent\r\nid: 9\r\nlength: 2\r\n\r\n{}",
    ]

    /// What must hold for every sequence of bytes.
    private func check(_ bytes: [UInt8], using generator: inout SeededGenerator) {
        var whole = ControlDecoder(limits: Self.limits)
        let expected = whole.outputs(of: [bytes[...]])
        #expect(expected.count <= bytes.count)
        var drip = ControlDecoder(limits: Self.limits)
        #expect(drip.outputs(of: bytes.indices.map { bytes[$0...$0] }) == expected, "\(bytes)")
        var parts = ControlDecoder(limits: Self.limits)
        #expect(parts.outputs(of: Cuts.random(bytes, parts: 4, using: &generator)) == expected, "\(bytes)")
        #expect(whole.isClosed == drip.isClosed && whole.isInFrame == drip.isInFrame, "\(bytes)")
        for (index, output) in expected.enumerated() {
            guard case .failure(let failure) = output, failure.closes else { continue }
            #expect(index == expected.count - 1 && whole.isClosed)
        }
    }

    @Test("random bytes give the same, whole and drip by drip", arguments: 1...4)
    func bytes(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            let count = Int.random(in: 0...60, using: &generator)
            check((0..<count).map { _ in .random(in: .min ... .max, using: &generator) }, using: &generator)
        }
    }

    @Test("random lines give the same, whole and drip by drip", arguments: 5...8)
    func lines(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            let actions = ["Event", "Event", "Auth", "Ping", "Watch", "Unwatch", "List", "Close"]
            let version = Bool.random(using: &generator) ? "1.0" : "1.1"
            var text = "Orbit \(version)\r\n\(actions.randomElement(using: &generator) ?? "")\r\n"
            for _ in 0..<Int.random(in: 0...16, using: &generator) {
                text += Self.tokens.randomElement(using: &generator) ?? ""
            }
            check(Array(text.utf8), using: &generator)
        }
    }

    private static let frames = [
        "Orbit 1.0\r\nEvent\r\nid: 7\r\nrecipient: u, s, /l\r\nlength: 4\r\n\r\nnull",
        "Orbit 1.1\r\nEvent\r\nid: 7\r\nrecipient: *, s, /l\r\nack: browser\r\nttl: 9\r\nlength: 4\r\n\r\nnull",
        "Orbit 1.1\r\nWatch\r\nid: 7\r\nrecipient: *, *, *\r\nstate: yes\r\nepoch: e\r\nsequence: 1\r\n\r\n",
    ]

    @Test(
        "good frames with bytes changed, lost or doubled give the same, whole and drip by drip", arguments: 9...12,
        frames)
    func mutations(seed: Int, frame: String) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            var bytes = Array((frame + frame + frame).utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = .random(in: .min ... .max, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(bytes[index], at: index)
                }
            }
            check(bytes, using: &generator)
        }
    }

    @Test("random bytes give replies or an error, the same whole and drip by drip", arguments: 13...16)
    func replies(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let tokens = [
            "Success\r\n", "Failure\n", "id: 7\r\n", "msg: x\r\n", "code: 1\n", "recipient: (u)\r\n", "\r\n", "\n", "x",
        ]
        for _ in 0..<1_000 {
            let text = (0..<Int.random(in: 0...10, using: &generator)).map { _ in
                tokens.randomElement(using: &generator) ?? ""
            }
            let bytes = Array(text.joined().utf8)
            var whole = ReplyDecoder()
            var drip = ReplyDecoder()
            let expected = Result { try whole.replies(of: [bytes[...]]) }
            let dripped = Result { try drip.replies(of: bytes.indices.map { bytes[$0...$0] }) }
            switch (expected, dripped) {
            case (.success(let left), .success(let right)): #expect(left == right)
            case (.failure(let left), .failure(let right)): #expect("\(left)" == "\(right)")
            case (.success, .failure), (.failure, .success): Issue.record("\(bytes)")
            }
        }
    }
}
