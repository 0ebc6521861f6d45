import NIOCore
import Testing

@testable import OrbitedServer

@Suite("Pieces of HTTP")
struct HTTPPiecesTests {
    @Test("A date has the form of RFC 9110, and stays within its second")
    func date() throws {
        var date = HTTPDate()
        let text = date.now()
        #expect(
            try #/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z][a-z] \d{4} \d\d:\d\d:\d\d GMT$/#.wholeMatch(in: text)
                != nil)
    }

    @Test("A head is measured up to its empty line, however it is cut", arguments: 1...20)
    func meter(size: Int) {
        let head = "GET / HTTP/1.1\r\nA: b\r\r\nC:\r\n\r\n"
        let bytes = Array((head + "behind it\r\n\r\n").utf8)
        var meter = HeadMeter()
        for start in stride(from: 0, to: bytes.count, by: size) {
            meter.take(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]).readableBytesView)
        }
        #expect(meter.count == head.utf8.count)
    }

    @Test("A frame's time stands still while the server does not read")
    func frameClock() {
        var clock = FrameClock(timeout: .seconds(30))
        func at(_ seconds: Int64) -> () -> NIODeadline { { .uptimeNanoseconds(UInt64(seconds) * 1_000_000_000) } }
        clock.update(frame: nil, isReading: true, now: at(1))
        #expect(clock.deadline == nil)
        clock.update(frame: 1, isReading: true, now: at(10))
        #expect(clock.deadline == at(40)())
        clock.update(frame: 1, isReading: false, now: at(20))
        #expect(clock.deadline == nil)
        clock.update(frame: 1, isReading: false, now: at(60))
        clock.update(frame: 1, isReading: true, now: at(100))
        #expect(clock.deadline == at(120)())
        clock.update(frame: 2, isReading: true, now: at(101))
        #expect(clock.deadline == at(131)())
        clock.update(frame: nil, isReading: true, now: at(102))
        #expect(clock.deadline == nil)
    }
}
