import NIOCore

/// How far a browser has come in the events of its session. Opaque to browsers. [BRW-94]
///
/// It names an event by the process of the server that numbered it, the *epoch*, and by its number there, the *serial*.
/// The serials of one session only grow; there are holes between them, since all sessions share the numbers.
public struct Cursor: Hashable, Sendable {
    /// How many bits of an epoch count.
    public static let epochBits = 40
    private static let epochDigits = epochBits / 4
    private static let maxSerialDigits = 16
    /// The longest that this server writes, in bytes.
    public static let maxOwnLength = epochDigits + 1 + maxSerialDigits
    /// The longest cursor of any server, in bytes. [BRW-94]
    private static let maxLength = 64

    /// The server process that gave the number.
    public let epoch: UInt64
    /// The number of the event.
    public let serial: UInt64

    /// A cursor of a server whose form is not known: it has more bits in its epoch than any other.
    private static let foreign = Cursor()

    private init() {
        epoch = .max
        serial = 0
    }

    /// Creates a cursor; of the epoch its lowest ``epochBits`` count.
    public init(epoch: UInt64, serial: UInt64) {
        self.epoch = epoch & (1 << Self.epochBits - 1)
        self.serial = serial
    }

    /// Reads the text of a cursor; `nil` if it has other characters than a cursor may have, or too many. [BRW-94]
    ///
    /// One that is not as ``description`` writes it comes from another server, which has a form of its own: it gets an
    /// epoch that no server of this kind has.
    public init?(_ text: String) {
        var text = text
        guard let cursor = text.withUTF8({ Self.read($0) }) else { return nil }
        self = cursor
    }

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Cursor? {
        guard isCursor(bytes) else { return nil }
        let digits = bytes.dropFirst(epochDigits + 1)
        guard bytes.firstIndex(of: UInt8(ascii: "-")) == epochDigits, digits.count <= maxSerialDigits,
            digits.first != UInt8(ascii: "0") || digits.count == 1,
            let epoch = number(bytes[..<epochDigits]), let serial = number(digits)
        else { return .foreign }
        return Cursor(epoch: epoch, serial: serial)
    }

    /// Whether the bytes of a text may be a cursor, of whatever server. [BRW-94]
    static func isCursor(_ bytes: some Collection<UInt8>) -> Bool {
        (1...maxLength).contains(bytes.count) && bytes.allSatisfy(isAllowed)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
        guard !digits.isEmpty else { return nil }
        var number: UInt64 = 0
        for byte in digits {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }

    /// Writes the text of the cursor.
    public func write(into buffer: inout ByteBuffer) {
        buffer.writeText(atMost: Self.maxOwnLength) { write(to: &$0) }
    }

    /// Writes the text of the cursor, for which there must be room: ``maxOwnLength`` at most.
    public func write(to text: inout TextWriter) {
        Self.write(epoch, digits: Self.epochDigits, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.write(serial, digits: HexDigits.count(of: serial), to: &text)
    }

    private static func write(_ number: UInt64, digits: Int, to text: inout TextWriter) {
        for place in (0..<digits).reversed() {
            text.append(HexDigits.lower(Int(truncatingIfNeeded: number >> (4 * place)) & 15))
        }
    }
}

extension Cursor: CustomStringConvertible {
    /// The epoch in ten hexadecimal digits, `-`, and the serial in hexadecimal without leading zeros.
    public var description: String {
        withUnsafeTemporaryAllocation(byteCount: Self.maxOwnLength, alignment: 1) { bytes in
            var text = TextWriter(bytes)
            write(to: &text)
            return String(decoding: bytes.prefix(text.count), as: UTF8.self)
        }
    }
}
