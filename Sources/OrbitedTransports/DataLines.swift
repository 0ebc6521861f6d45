import NIOCore
import OrbitedWire

extension ByteBuffer {
    /// Writes a `data:` line for each line of these bytes, so that no body can end its event or begin a field, and the
    /// blank line behind them. [SSE-18] [SSE-5]
    func writeDataLines(into buffer: inout ByteBuffer) {
        withUnsafeReadableBytes { bytes in
            var lineEnds = 0
            for byte in bytes where Self.isLineEnd(byte) { lineEnds += 1 }
            buffer.writeText(atMost: bytes.count + (lineEnds + 1) * 7 + 1) { text in
                var rest = bytes[...]
                while lineEnds > 0, let end = rest.firstIndex(where: Self.isLineEnd) {
                    Self.write(rest[..<end], to: &text)
                    let isCRLF = rest[end] == 0x0D && end + 1 < rest.endIndex && rest[end + 1] == 0x0A
                    rest = rest[(end + (isCRLF ? 2 : 1))...]
                }
                Self.write(rest, to: &text)
                text.append("\n")
            }
        }
    }

    private static func write(_ line: Slice<UnsafeRawBufferPointer>, to text: inout TextWriter) {
        text.append("data: ")
        text.append(UnsafeRawBufferPointer(rebasing: line))
        text.append("\n")
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
