/// Hexadecimal digits.
public enum HexDigits {
    /// The digit of a number from 0 to 15, in lower case, as ASCII.
    public static func lower(_ number: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: number + (number < 10 ? 48 : 87))
    }

    /// How many digits a number has; 0 has one.
    public static func count(of number: some FixedWidthInteger) -> Int {
        max(1, (type(of: number).bitWidth - number.leadingZeroBitCount + 3) / 4)
    }
}
