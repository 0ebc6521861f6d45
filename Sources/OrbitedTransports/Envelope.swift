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
        var rest = value[...]
        while let found = rest.firstRange(of: nextLine) {
            writeLine(rest[..<found.lowerBound], into: &buffer)
            buffer.writeStaticString(#"\u0085"#)
            rest = rest[found.upperBound...]
        }
        writeLine(rest, into: &buffer)
    }

    private static let nextLine: [UInt8] = [0xC2, 0x85]

    private static func writeLine(_ text: ArraySlice<UInt8>, into buffer: inout ByteBuffer) {
        buffer.writeBytes(text.lazy.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
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
