import NIOCore
import OrbitedTesting
import OrbitedTransports
import Testing

@Suite("Reading the frames of a browser")
struct WebSocketDecoderTests {
    typealias Incoming = WebSocketDecoder.Incoming

    /// What comes out of these bytes, given in pieces of some size.
    static func decode(_ bytes: [UInt8], inPiecesOf size: Int, maxMessage: Int = 4_096) -> [Incoming] {
        var decoder = WebSocketDecoder(maxMessage: maxMessage)
        var all: [Incoming] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            decoder.append(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
            while let incoming = decoder.next() { all.append(incoming) }
        }
        return all
    }

    /// Expects the same whether the bytes come whole, byte by byte, or in pieces that cut heads and payloads.
    private func expect(
        _ frames: [BrowserFrame], _ expected: [Incoming], maxMessage: Int = 4_096,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let bytes = frames.flatMap(\.bytes)
        for size in [max(bytes.count, 1), 1, 3, 7] {
            let found = Self.decode(bytes, inPiecesOf: size, maxMessage: maxMessage)
            #expect(found == expected, "in pieces of \(size)", sourceLocation: sourceLocation)
        }
    }

    // MARK: Messages

    @Test("the masked example of RFC 6455 is its text, also in two fragments")
    func examples() {
        let hello: [UInt8] = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]
        for size in [1, hello.count] { #expect(Self.decode(hello, inPiecesOf: size) == [.message("Hello")]) }
        expect([.text("Hel", isFinal: false), .continuation(Array("lo".utf8))], [.message("Hello")])
    }

    @Test("a message may be empty, and so may its fragments")
    func empty() {
        expect([.text("")], [.message("")])
        let begin = BrowserFrame.text("", isFinal: false)
        expect([begin, .continuation([], isFinal: false), .continuation([])], [.message("")])
    }

    @Test("several messages may come at once", arguments: [0, 1, 125, 126, 127, 4_096])
    func several(size: Int) {
        let text = String(repeating: "x", count: size)
        expect([.text(text), .text("a"), .text(text)], [.message(text), .message("a"), .message(text)])
    }

    @Test("any mask is taken off, also one of zeros", arguments: [[0, 0, 0, 0], [0xff, 0, 0xff, 1]] as [[UInt8]])
    func masks(mask: [UInt8]) {
        var frame = BrowserFrame.text("some text")
        frame.mask = mask
        expect([frame], [.message("some text")])
    }

    @Test("control frames may come between the fragments of a message")
    func interleaved() {
        expect(
            [
                .text("a", isFinal: false), .ping([1]), .continuation(Array("b".utf8), isFinal: false), .pong(),
                .continuation(Array("c".utf8)), .close(1000),
            ],
            [.ping(ByteBuffer(bytes: [1])), .pong, .message("abc"), .close(1000)])
    }

    @Test("a ping keeps its payload, up to 125 bytes", arguments: [0, 1, 125])
    func pings(size: Int) {
        let payload = [UInt8](repeating: 0xff, count: size)
        expect([.ping(payload)], [.ping(ByteBuffer(bytes: payload))])
    }

    // MARK: Text

    private static let good = ["Zoë", "日本", "👋", "\u{0}", "\u{FEFF}x", "\u{10FFFF}", "\u{FFFF}"]

    @Test("text of any planes is taken, also if fragments cut its characters", arguments: good)
    func cutText(text: String) {
        let bytes = Array(text.utf8)
        let first = BrowserFrame(isFinal: false, opcode: 1, payload: [])
        let rest = bytes.map { BrowserFrame.continuation([$0], isFinal: false) } + [.continuation([])]
        expect([.text(text)], [.message(text)])
        expect([first] + rest, [.message(text)])
    }

    private static let bad: [[UInt8]] = [
        [0xff], [0x80], [0xc0, 0xaf], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
        [0xf0, 0x9f, 0x91, 0x61],
    ]

    @Test("text that is not UTF-8 is refused with 1007, in one frame or many", arguments: bad)
    func badText(bytes: [UInt8]) {
        expect([BrowserFrame(opcode: 1, payload: bytes), .text("later")], [.failure(.invalidText)])
        let first = BrowserFrame(isFinal: false, opcode: 1, payload: Array(bytes.prefix(1)))
        expect([first, .continuation(Array(bytes.dropFirst()))], [.failure(.invalidText)])
    }

    // MARK: Limits

    @Test("a message of exactly the limit is taken, and one byte more is refused with 1009")
    func limit() {
        expect([.text("12345")], [.message("12345")], maxMessage: 5)
        expect([.text("123456")], [.failure(.messageTooLarge)], maxMessage: 5)
        let fragments = [BrowserFrame.text("123", isFinal: false), .continuation(Array("45".utf8), isFinal: false)]
        expect(fragments + [.continuation([])], [.message("12345")], maxMessage: 5)
        expect(fragments + [.continuation([0x36])], [.failure(.messageTooLarge)], maxMessage: 5)
    }

    @Test("the head alone shows that a message is too large", arguments: [4_097, 65_536, 1 << 40, UInt64(Int64.max)])
    func headAlone(length: UInt64) {
        var frame = BrowserFrame.text("")
        frame.length = length
        expect([frame], [.failure(.messageTooLarge)])
    }

    // MARK: Faults

    private static let faults: [(String, [BrowserFrame])] = [
        ("no mask", [BrowserFrame(opcode: 1, payload: [0x61], isMasked: false)]),
        ("no mask on a close", [BrowserFrame(opcode: 8, isMasked: false)]),
        ("a reserved bit", [BrowserFrame(reserved: 4, opcode: 1)]),
        ("another reserved bit", [BrowserFrame(reserved: 2, opcode: 1)]),
        ("the last reserved bit", [BrowserFrame(reserved: 1, opcode: 9)]),
        ("an unknown opcode", [BrowserFrame(opcode: 3)]),
        ("an unknown control opcode", [BrowserFrame(opcode: 11)]),
        ("a fragmented ping", [BrowserFrame(isFinal: false, opcode: 9)]),
        ("a fragmented close", [BrowserFrame(isFinal: false, opcode: 8)]),
        ("a ping of 126 bytes", [.ping([UInt8](repeating: 0, count: 126))]),
        ("a continuation of nothing", [.continuation([0x61])]),
        ("a message within another", [.text("a", isFinal: false), .text("b")]),
        ("a short length in 16 bits", [BrowserFrame(opcode: 1, payload: [0x61], lengthForm: .bits16)]),
        ("a short length in 64 bits", [BrowserFrame(opcode: 1, payload: [0x61], lengthForm: .bits64)]),
        ("a length beyond 63 bits", [BrowserFrame(opcode: 1, lengthForm: .bits64, length: 1 << 63)]),
        ("a close of one byte", [.close([3])]),
    ]

    @Test("what breaks the rules is refused with 1002, and nothing is read after it", arguments: faults.indices)
    func protocolErrors(index: Int) {
        let (name, frames) = Self.faults[index]
        let found = Self.decode((frames + [.text("later")]).flatMap(\.bytes), inPiecesOf: 1)
        #expect(found == [.failure(.protocolError)], "\(name)")
        expect(frames + [.text("later")], [.failure(.protocolError)])
    }

    @Test("a binary message is refused with 1003", arguments: [0, 5])
    func binary(size: Int) {
        expect([BrowserFrame(opcode: 2, payload: [UInt8](repeating: 0, count: size))], [.failure(.binaryMessage)])
    }

    // MARK: The end

    @Test("a close may have no code")
    func closeWithoutCode() { expect([.close(), .text("later")], [.close(nil)]) }

    @Test(
        "a close has a code that may stand on the wire",
        arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1014, 3000, 3999, 4000, 4999] as [UInt16])
    func closeCodes(code: UInt16) {
        expect([.close(code, Array("bye".utf8)), .ping()], [.close(code)])
    }

    @Test(
        "a close with another code is refused with 1002",
        arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] as [UInt16])
    func badCloseCodes(code: UInt16) { expect([.close(code)], [.failure(.protocolError)]) }

    @Test("a close whose reason is not UTF-8 is refused with 1007")
    func badReason() { expect([.close(1000, [0xce, 0xba, 0xff])], [.failure(.invalidText)]) }

    // MARK: Random input

    @Test("random bytes give the same however they are cut, and at most one end", arguments: 0..<200)
    func random(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let bytes = (0..<Int.random(in: 0...400, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        expectSame(bytes)
    }

    @Test("frames with a random fault in them give the same however they are cut", arguments: 0..<300)
    func mutated(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let opcodes: [UInt8] = [0, 1, 1, 1, 8, 9, 10]
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
            let size = [0, 1, 2, 60, 125, 126, 300].randomElement(using: &generator) ?? 0
            bytes +=
                BrowserFrame(
                    isFinal: Bool.random(using: &generator), opcode: opcodes.randomElement(using: &generator) ?? 1,
                    payload: (0..<size).map { _ in UInt8.random(in: 0x20...0x7e, using: &generator) }
                ).bytes
        }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        expectSame(bytes)
    }

    private func expectSame(_ bytes: [UInt8]) {
        let whole = Self.decode(bytes, inPiecesOf: max(bytes.count, 1))
        for size in [1, 2, 5] { #expect(Self.decode(bytes, inPiecesOf: size) == whole) }
        let ends = whole.map { incoming in
            switch incoming {
            case .close, .failure: true
            case .message, .ping, .pong: false
            }
        }
        #expect(!ends.dropLast().contains(true))
    }
}
