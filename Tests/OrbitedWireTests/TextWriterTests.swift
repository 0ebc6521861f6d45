import NIOCore
import Testing

@testable import OrbitedWire

@Suite("Text of several pieces")
struct TextWriterTests {
    @Test("pieces stand one behind the other, after what was there")
    func pieces() {
        var buffer = ByteBuffer(string: "before ")
        buffer.writeText(atMost: 32) { text in
            text.append("é: ")
            text.append(text: "größer")
            text.append(UInt8(ascii: ","))
            Array(" bytes".utf8).withUnsafeBytes { text.append($0) }
            text.append("")
        }
        #expect(String(buffer: buffer) == "before é: größer, bytes")
    }

    @Test("room that is not used is not written")
    func lessThanRoom() {
        var buffer = ByteBuffer()
        buffer.writeText(atMost: 1_000) { $0.append("1") }
        #expect(buffer.readableBytes == 1)
        buffer.writeText(atMost: 0) { _ in }
        #expect(buffer.readableBytes == 1)
    }

    @Test("a piece longer than the room stops the program")
    func tooLong() async {
        await #expect(processExitsWith: .failure) {
            withUnsafeTemporaryAllocation(byteCount: 3, alignment: 1) { room in
                var text = TextWriter(room)
                text.append("four")
            }
        }
        await #expect(processExitsWith: .failure) {
            withUnsafeTemporaryAllocation(byteCount: 3, alignment: 1) { room in
                var text = TextWriter(UnsafeMutableRawBufferPointer(rebasing: room[..<2]))
                for byte in "abc".utf8 { text.append(byte) }
            }
        }
    }
}
