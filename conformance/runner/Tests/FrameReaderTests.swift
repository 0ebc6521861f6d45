@testable import OrbitedConformance
import Testing

@Suite("A reader of clients' frames")
struct FrameReaderTests {
    private func read(_ text: String, pieces: Int = .max) throws -> [Frame] {
        var reader = FrameReader()
        var frames: [Frame] = []
        let bytes = Array(text.utf8)
        for begin in stride(from: 0, to: bytes.count, by: min(pieces, bytes.count)) {
            reader.append(bytes[begin..<min(begin + min(pieces, bytes.count), bytes.count)])
            while let frame = try reader.next() { frames.append(frame) }
        }
        return frames
    }

    private static let two = """
        Orbit 1.0\r
        Event\r
        id: 7\r
        recipient: michael, 0, /a: b, c\r
        length: 4\r
        \r
        \r\n\r\nOrbit 1.1\r
        Watch\r
        ID: é\r
        recipient: *, *, *\r
        \r

        """

    @Test("takes frames however they are cut", arguments: [1, 2, 3, 7, 1000])
    func takesFrames(pieces: Int) throws {
        let frames = try read(Self.two, pieces: pieces)
        #expect(frames.map(\.action) == ["Event", "Watch"])
        #expect(frames.map(\.id) == ["7", "é"])
        #expect(frames.first?.body == Array("\r\n\r\n".utf8))
        #expect(frames.first?.value["headers"]?["recipient"] == .string("michael, 0, /a: b, c"))
    }

    @Test("gives a header that is there twice as a list, and a body that is no text as base64")
    func valueOfFrame() throws {
        var frame = Frame(version: "1.0", action: "Event")
        frame.headers = [.init(name: "recipient", value: "a"), .init(name: "recipient", value: "b")]
        frame.body = [0xFF]
        #expect(frame.value["headers"]?["recipient"] == .array([.string("a"), .string("b")]))
        #expect(frame.value["body"] == .object(["base64": .string("/w==")]))
    }

    @Test(
        "refuses what a client must not send",
        arguments: [
            "Orbit 1.0\nEvent\r\n", "Orbit 1.2\r\n", "Orbit/1.0\r\n", "Orbit 1.0\r\nPing\r\n", "Orbit 1.1\r\nping\r\n",
            "Orbit 1.0\r\nEvent\r\nid:7\r\n", "Orbit 1.0\r\nEvent\r\nlength: 0\r\n\r\n",
            "Orbit 1.0\r\nEvent\r\nid: 7\r\n\r\n", "Orbit 1.0\r\nEvent\r\nid: 7\r\nid: 7\r\nlength: 0\r\n\r\n",
            "Orbit 1.0\r\nEvent\r\nid: \r\nlength: 0\r\n\r\n", "Orbit 1.0\r\nEvent\r\nid: 7\r\nlength: +1\r\n\r\n",
            "Orbit 1.0\r\nEvent\r\nid: 7\r\nrecipient: a, 0, chat\r\nlength: 0\r\n\r\n",
            "Orbit 1.0\r\nEvent\r\nid: 7\r\nrecipient: a, 0, *\r\nlength: 0\r\n\r\n",
            "Orbit 1.1\r\nEvent\r\nid: 7\r\nack: yes\r\nlength: 0\r\n\r\n",
            "Orbit 1.1\r\nEvent\r\nid: 7\r\nttl: 1.5\r\nlength: 0\r\n\r\n", "Orbit 1.1\r\nWatch\r\nid: 7\r\n\r\n",
            "Orbit 1.1\r\nWatch\r\nid: 7\r\nrecipient: *, *, *\r\nepoch: a\r\n\r\n",
            "Orbit 1.1\r\nUnwatch\r\nid: 7\r\n\r\n", "Orbit 1.1\r\nList\r\nid: 7\r\nlimit: 0\r\n\r\n",
            "Orbit 1.1\r\nClose\r\nid: 7\r\nreason: \r\n\r\n",
        ])
    func refuses(text: String) {
        #expect(throws: Violation.self) { try read(text) }
    }

    @Test("refuses a line that is too long before its end has come")
    func refusesLongLine() throws {
        let head = "Orbit 1.1\r\nPing\r\nid: 7\r\n"
        #expect(try read("\(head)x: \(String(repeating: "y", count: 8_189))\r\n\r\n").count == 1)
        #expect(throws: Violation.self) { try read("\(head)x: \(String(repeating: "y", count: 8_191))") }
    }

    @Test("knows whether it is in the middle of a frame")
    func knowsTheMiddle() throws {
        var reader = FrameReader()
        #expect(reader.isBetweenFrames)
        reader.append("Orbit 1.1\r\nPing\r\nid: 7\r\n".utf8)
        #expect(try reader.next() == nil)
        #expect(!reader.isBetweenFrames)
        reader.append("\r\n".utf8)
        #expect(try reader.next() != nil)
        #expect(reader.isBetweenFrames)
    }
}
