/// Why a text could not be read. The same text fails again however often it is tried, `outOfMemory` apart.
public struct JSONError: Error, Sendable, Equatable {
    /// The kinds of fault.
    public enum Code: Sendable, CaseIterable {
        /// The text is longer than `JSONLimits.maximumSize`; nothing of it was read.
        case tooLarge
        /// Arrays and objects are nested deeper than `JSONLimits.maximumDepth`.
        case tooDeep
        /// A byte is not part of valid UTF-8.
        case invalidUTF8
        /// A character stands where JSON has none such.
        case invalidSyntax
        /// The text ends before its value does.
        case truncated
        /// Something other than white space follows the value.
        case trailingContent
        /// An object has two members of the same name.
        case duplicateName
        /// A member's name holds U+0000, which libjansson can't hold there.
        case nulInName
        /// An integer is beyond 64 bits, or a number beyond a double.
        case numberOutOfRange
        /// The system gave no memory.
        case outOfMemory
    }

    /// The kind of fault.
    public let code: Code
    /// What is wrong, in words: the part of a sentence that follows the position.
    public let message: String
    /// The line, from 1, of the last character that was read. Lines end at LF.
    public let line: Int
    /// The column, from 1, of the last character that was read, counted in Unicode characters. The fault is there, or
    /// in the token that ends there, or (for a byte that can't stand in a text) right behind.
    public let column: Int
    /// The number of bytes that were read, from 0 to the text's size.
    public let offset: Int
}

extension JSONError: CustomStringConvertible {
    /// One sentence, such as "JSON can't be read at line 1, column 4: unexpected token near ']'".
    public var description: String { "JSON can't be read at line \(line), column \(column): \(message)" }
}

extension JSONError {
    /// A fault that we found ourselves at the end of `read`, the part of the text before and with it.
    init(_ code: Code, _ message: String, atEndOf read: UnsafeRawBufferPointer) {
        let lineStart = read.dropLast().lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        self.init(
            code: code,
            message: message,
            line: 1 + read.dropLast().count { $0 == UInt8(ascii: "\n") },
            column: max(1, read[lineStart...].count { $0 & 0b1100_0000 != 0b1000_0000 }),
            offset: read.count)
    }
}
