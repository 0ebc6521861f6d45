import Foundation

extension ArraySlice<UInt8> {
    /// Where the bytes stand first; the system looks for the first of them, since bodies are long.
    func firstRange(of text: StaticString) -> Range<Int>? {
        let count = text.utf8CodeUnitCount
        let found: Int? = withUnsafeBytes { bytes in
            guard let begin = bytes.baseAddress, bytes.count >= count else { return nil }
            var offset = 0
            let last = bytes.count - count
            while offset <= last, let place = memchr(begin + offset, Int32(text.utf8Start[0]), last - offset + 1) {
                offset = UnsafeRawPointer(place) - begin
                if memcmp(place, text.utf8Start, count) == 0 { return offset }
                offset += 1
            }
            return nil
        }
        return found.map { startIndex + $0..<startIndex + $0 + count }
    }

    /// Whether these bytes begin with the text.
    func begins(with text: StaticString) -> Bool {
        text.withUTF8Buffer { starts(with: $0) }
    }

    /// Takes the first bytes out.
    mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        defer { self = dropFirst(count) }
        return prefix(count)
    }
}
