/// A cursor [BRW-94].
enum Cursor {
    static let mostBytes = 64

    static func isValid(_ bytes: some Collection<UInt8>) -> Bool {
        (1...mostBytes).contains(bytes.count) && bytes.allSatisfy(isCharacter)
    }

    private static func isCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
