import NIOCore
import OrbitedWire
import Testing

@Suite("Cursors")
struct CursorTests {
    @Test("a cursor is read as it is written", arguments: [0, 1, 42, UInt64.max])
    func roundTrip(serial: UInt64) {
        let cursor = Cursor(epoch: 0x9F_3A01_B2C4, serial: serial)
        #expect(Cursor(cursor.description) == cursor)
    }

    @Test(
        "a cursor is ten digits of its epoch and the serial without leading zeros",
        arguments: [
            (0, 0, "0000000000-0"), (0xA, 15, "000000000a-f"), (0x9F_3A01_B2C4, 16, "9f3a01b2c4-10"),
            (UInt64.max, UInt64.max, "ffffffffff-ffffffffffffffff"),
        ] as [(UInt64, UInt64, String)])
    func text(epoch: UInt64, serial: UInt64, text: String) {
        let cursor = Cursor(epoch: epoch, serial: serial)
        #expect(cursor.description == text)
        var buffer = ByteBuffer(string: "id: ")
        cursor.write(into: &buffer)
        #expect(buffer == ByteBuffer(string: "id: \(text)"))
    }

    @Test(
        "a cursor of another form is one, of no epoch that a server has [BRW-94]",
        arguments: [
            "unknown", "0", "-", "9f3a01b2c4", "9f3a01b2c4-", "9f3a01b2c4-01", "9F3A01B2C4-1", "9f3a01b2c-1",
            "0123456789abcdef-1", "9f3a01b2c4-00000000000000001", String(repeating: "z", count: 64),
        ])
    func otherForm(text: String) throws {
        let cursor = try #require(Cursor(text))
        #expect(cursor.epoch != Cursor(epoch: cursor.epoch, serial: 0).epoch)
    }

    @Test(
        "other characters, none, or too many are no cursor [BRW-94]",
        arguments: ["", "/", "a b", "ü", "9f3a01b2c4-1\n", "a,b", String(repeating: "z", count: 65)])
    func noCursor(text: String) {
        #expect(Cursor(text) == nil)
    }
}
