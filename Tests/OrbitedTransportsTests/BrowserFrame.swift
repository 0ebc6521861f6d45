import NIOCore

/// A frame as browsers send it, or, with other values than the usual, as none should.
struct BrowserFrame {
    /// How the length is written.
    enum LengthForm { case shortest, bits16, bits64 }

    var isFinal = true
    var reserved: UInt8 = 0
    var opcode: UInt8
    var payload: [UInt8] = []
    var isMasked = true
    var mask: [UInt8] = [0x37, 0xfa, 0x21, 0x3d]
    var lengthForm = LengthForm.shortest
    /// The length that the head tells, if not that of the payload.
    var length: UInt64?

    static func text(_ text: String, isFinal: Bool = true) -> BrowserFrame {
        BrowserFrame(isFinal: isFinal, opcode: 1, payload: Array(text.utf8))
    }

    static func continuation(_ bytes: [UInt8], isFinal: Bool = true) -> BrowserFrame {
        BrowserFrame(isFinal: isFinal, opcode: 0, payload: bytes)
    }

    static func close(_ payload: [UInt8] = []) -> BrowserFrame { BrowserFrame(opcode: 8, payload: payload) }
    static func close(_ code: UInt16, _ reason: [UInt8] = []) -> BrowserFrame {
        close([UInt8(code >> 8), UInt8(truncatingIfNeeded: code)] + reason)
    }

    static func ping(_ payload: [UInt8] = []) -> BrowserFrame { BrowserFrame(opcode: 9, payload: payload) }
    static func pong(_ payload: [UInt8] = []) -> BrowserFrame { BrowserFrame(opcode: 10, payload: payload) }

    var bytes: [UInt8] {
        var buffer = ByteBuffer(bytes: [(isFinal ? 0x80 : 0) | reserved << 4 | opcode])
        let length = length ?? UInt64(payload.count)
        let masked: UInt8 = isMasked ? 0x80 : 0
        switch lengthForm {
        case .shortest where length <= 125: buffer.writeInteger(masked | UInt8(length))
        case .shortest where length <= 0xFFFF, .bits16:
            buffer.writeInteger(masked | 126)
            buffer.writeInteger(UInt16(length))
        case .shortest, .bits64:
            buffer.writeInteger(masked | 127)
            buffer.writeInteger(length)
        }
        if isMasked {
            buffer.writeBytes(mask)
            buffer.writeBytes(payload.enumerated().map { $1 ^ mask[$0 % 4] })
        } else {
            buffer.writeBytes(payload)
        }
        return Array(buffer.readableBytesView)
    }
}
