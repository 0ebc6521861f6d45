import NIOCore
import OrbitedCore
import OrbitedJSON
import OrbitedWire

/// The JSON objects that carry events on `ws`, `ndjson`, `poll` and `jsonp`; each on one line. [NDJ-2] [NDJ-4]
enum Envelope {
    /// The body as one JSON value on one line.
    ///
    /// In JSON text, line ends stand only between tokens, where a space does as well. U+0085, for some line readers a
    /// line end too, stands only in strings. [NDJ-13]
    static func writeValue(_ body: ByteBuffer, into buffer: inout ByteBuffer) {
        let value = body.withUnsafeReadableBytes { JSONText.scriptSafe($0) }
        var written = 0
        for index in value.indices {
            guard let (replacement, length) = replacement(at: index, of: value) else { continue }
            buffer.writeBytes(value[written..<index])
            buffer.writeStaticString(replacement)
            written = index + length
        }
        buffer.writeBytes(value[written...])
    }

    /// What stands in the place of the character at `index`, and how many bytes that has; nil if it may stay.
    private static func replacement(at index: Int, of value: [UInt8]) -> (text: StaticString, length: Int)? {
        switch value[index] {
        case 0x0A, 0x0D: (" ", 1)
        case 0xC2 where index + 1 < value.count && value[index + 1] == 0x85: (#"\u0085"#, 2)
        default: nil
        }
    }

    /// `{"cursor":"C","data":VALUE}`
    static func writeEvent(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        buffer.writeStaticString("{\"cursor\":\"")
        cursor.write(into: &buffer)
        buffer.writeStaticString("\",\"data\":")
        writeValue(body, into: &buffer)
        buffer.writeStaticString("}")
    }

    /// `{"cursor":"C"}` or `{"cursor":"C","gap":true}`
    static func mark(_ mark: Mark) -> ByteBuffer {
        ByteBuffer(string: "{\"cursor\":\"\(mark.cursor)\"\(mark.isGap ? ",\"gap\":true" : "")}")
    }

    /// `{"cursor":"C","events":[VALUE,…]}`
    static func batch(_ values: [ByteBuffer], _ mark: Mark) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(values.reduce(80) { $0 + $1.readableBytes + 1 })
        buffer.writeString("{\"cursor\":\"\(mark.cursor)\"\(mark.isGap ? ",\"gap\":true" : ""),\"events\":[")
        for (index, value) in values.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            buffer.writeImmutableBuffer(value)
        }
        buffer.writeStaticString("]}")
        return buffer
    }

    /// What breaks the silence.
    static let heartbeat = ByteBuffer(string: "{}")

    /// Why a response or a connection ends, if its browser is to know.
    static func end(_ reason: EndReason) -> ByteBuffer? {
        switch reason {
        case .replaced, .switched: ByteBuffer(string: "{\"closed\":\"replaced\"}")
        case .shutdown: ByteBuffer(string: "{\"closed\":\"shutdown\"}")
        case .closed(let words):
            ByteBuffer(string: "{\"closed\":\"closed\",\"reason\":\(JSON.string(words).scriptSafe)}")
        case .timeout, .stalled: nil
        }
    }
}
