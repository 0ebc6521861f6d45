import NIOCore

/// Writes pieces of text one behind the other, into room that was made for all of them: a piece costs a copy, where one
/// written into a `ByteBuffer` costs two hundred instructions more.
///
/// A piece for which there is no room stops the program, as a write past an array's end does.
public struct TextWriter {
    private let room: UnsafeMutableRawBufferPointer
    /// How many bytes have been written.
    private(set) var count = 0

    init(_ room: UnsafeMutableRawBufferPointer) {
        self.room = room
    }

    /// Appends one character of ASCII.
    public mutating func append(_ byte: UInt8) {
        precondition(count < room.count, "no room for a character")
        room[count] = byte
        count += 1
    }

    /// Appends bytes.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, let target = room.baseAddress else { return }
        precondition(bytes.count <= room.count - count, "no room for a piece of text")
        (target + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    /// Appends a literal.
    public mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a text. It has a name, so that a literal is not taken for one, which would cost more.
    public mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }
}

extension ByteBuffer {
    /// Writes text of several pieces.
    ///
    /// - Parameter room: the most bytes that it may have.
    public mutating func writeText(atMost room: Int, _ write: (inout TextWriter) -> Void) {
        _ = writeWithUnsafeMutableBytes(minimumWritableBytes: room) { bytes in
            var writer = TextWriter(bytes)
            write(&writer)
            return writer.count
        }
    }
}
