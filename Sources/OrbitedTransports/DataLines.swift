import NIOCore

extension ByteBuffer {
    /// Writes a `data:` line for each line of these bytes, so that no body can end its event or begin a field. [SSE-18] [SSE-5]
    func writeDataLines(into buffer: inout ByteBuffer) {
        withUnsafeReadableBytes { bytes in
            var rest = bytes[...]
            while true {
                buffer.writeStaticString("data: ")
                guard let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else { break }
                buffer.writeBytes(rest[..<end])
                buffer.writeStaticString("\n")
                let isCRLF = rest[end] == 0x0D && end + 1 < rest.endIndex && rest[end + 1] == 0x0A
                rest = rest[(end + (isCRLF ? 2 : 1))...]
            }
            buffer.writeBytes(rest)
        }
        buffer.writeStaticString("\n")
    }
}
