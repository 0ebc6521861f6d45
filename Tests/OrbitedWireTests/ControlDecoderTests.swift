import NIOCore
import OrbitedWire
import Testing

@Suite("The state of a control decoder")
struct ControlDecoderTests {
    private func decoder(after text: String, limits: ControlLimits = ControlLimits()) -> ControlDecoder {
        var decoder = ControlDecoder(limits: limits)
        _ = decoder.outputs(of: [Array(text.utf8)[...]])
        return decoder
    }

    static let frame = "Orbit 1.0\r\nEvent\r\nid: 7\r\nlength: 2\r\n\r\n{}"

    @Test("between frames no frame has begun", arguments: ["", frame, frame + frame])
    func between(text: String) {
        let decoder = decoder(after: text)
        #expect(!decoder.isInFrame)
        #expect(decoder.idInFrame == nil)
    }

    @Test("each byte but the last leaves the decoder in the frame")
    func inside() {
        let bytes = Array(Self.frame.utf8)
        for end in 1..<bytes.count {
            var decoder = ControlDecoder()
            #expect(decoder.outputs(of: [bytes[..<end]]).isEmpty)
            #expect(decoder.isInFrame && !decoder.isSkippingBody)
        }
    }

    @Test("the id of an unfinished frame is known once its line has come")
    func idInFrame() {
        #expect(decoder(after: "Orbit 1.0\r\nEvent\r\nid: 7").idInFrame == nil)
        #expect(decoder(after: "Orbit 1.0\r\nEvent\r\nid: 7\r\n").idInFrame == "7")
        #expect(decoder(after: String(Self.frame.dropLast())).idInFrame == "7")
        #expect(decoder(after: "Orbit 1.0\r\nBad\r\nid: 7\r\n").idInFrame == "7")
    }

    @Test("a frame that has had its failure is skipped, which can be seen")
    func skipping() {
        let decoder = decoder(after: "Orbit 1.0\r\nBad\r\nid: 7\r\nlength: 2\r\n\r\n{")
        #expect(decoder.isInFrame && decoder.isSkippingBody)
        #expect(decoder.idInFrame == nil)
    }

    @Test("a bad frame without a body is over at its blank line")
    func nothingToSkip() {
        let decoder = decoder(after: "Orbit 1.0\r\nBad\r\nid: 7\r\nlength: 0\r\n\r\n")
        #expect(!decoder.isInFrame && !decoder.isSkippingBody)
    }

    @Test("a closed decoder takes nothing more")
    func closed() {
        var decoder = decoder(after: "GET / HTTP/1.1\r\n")
        #expect(decoder.isClosed && !decoder.isInFrame)
        #expect(decoder.outputs(of: [Array(Self.frame.utf8)[...]]).isEmpty)
    }

    @Test("a decoder that is closed from outside gives nothing of what it holds")
    func close() {
        var decoder = ControlDecoder()
        decoder.append(ByteBuffer(string: Self.frame))
        decoder.close()
        #expect(decoder.next() == nil)
        #expect(decoder.isClosed)
    }

    @Test("limits that are reached exactly are kept, one more is refused")
    func limits() throws {
        let limits = ControlLimits(line: 20, headers: 3, recipients: 2, body: 4)
        func frame(filler: Int = 0, headers: Int = 0, recipients: Int = 0, body: Int = 0) -> [UInt8] {
            let lines =
                ["Orbit", "Event", "id: 7", "length: \(body)", "x: " + String(repeating: "y", count: filler)]
                + Array(repeating: "h: 1", count: headers) + Array(repeating: "recipient: u, s, /", count: recipients)
            return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + String(repeating: "b", count: body)).utf8)
        }
        func code(_ bytes: [UInt8]) -> ControlCode? {
            var decoder = ControlDecoder(limits: limits)
            guard case .failure(let failure) = decoder.outputs(of: [bytes[...]]).first else { return nil }
            return failure.fault.code
        }
        #expect(code(frame(filler: 17, recipients: 2, body: 4)) == nil)
        #expect(code(frame(filler: 18)) == .lineTooLong)
        #expect(code(frame(headers: 1)) == .tooManyHeaders)
        #expect(code(frame(recipients: 3)) == .tooManyRecipients)
        #expect(code(frame(body: 5)) == .bodyTooLarge)
    }

    @Test("a body does not hold on to what was received with it")
    func bodyIsItsOwn() throws {
        let text = Self.frame + Self.frame
        var decoder = ControlDecoder()
        decoder.append(ByteBuffer(string: text))
        guard case .event(let event) = decoder.next() else {
            Issue.record("no event")
            return
        }
        #expect(event.body.storageCapacity < text.utf8.count)
    }
}
