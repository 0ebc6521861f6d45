/// Turns values into JSON text.
struct JSONWriter {
    private let escaping: Escaping
    private var bytes: [UInt8] = []

    /// `value` as text.
    static func bytes(of value: JSON, escaping: Escaping) -> [UInt8] {
        var writer = JSONWriter(escaping: escaping)
        writer.write(value)
        return writer.bytes
    }

    private init(escaping: Escaping) {
        self.escaping = escaping
    }

    private mutating func write(_ value: JSON) {
        switch value {
        case .null: bytes += "null".utf8
        case .boolean(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        case .number(let number): bytes += number.description.utf8
        case .string(let text): write(text)
        case .array(let elements): write(elements)
        case .object(let object): write(object)
        }
    }

    private mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes.appendString(UnsafeRawBufferPointer($0), escaping: escaping) }
    }

    private mutating func write(_ elements: [JSON]) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(element)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: JSONObject) {
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in object.members.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(member.name)
            bytes.append(UInt8(ascii: ":"))
            write(member.value)
        }
        bytes.append(UInt8(ascii: "}"))
    }
}
