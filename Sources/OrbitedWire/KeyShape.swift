/// Where the three parts of a key lie in its bytes.
struct KeyShape {
    let user: Range<Int>
    let session: Range<Int>
    let location: Range<Int>
    let isASCII: Bool

    /// - Parameter allowsPattern: whether the location may be `*`. [CTL-111]
    init<Bytes>(_ line: Bytes, allowsPattern: Bool = false) throws(ConnectionKeyError)
    where Bytes: RandomAccessCollection, Bytes.Element == UInt8, Bytes.Index == Int {
        var separators = (first: -1, second: -1)
        var seen: UInt8 = 0
        for index in line.indices {
            let byte = line[index]
            guard byte >= 0x20, byte != 0x7F else { throw .controlCharacter }
            seen |= byte
            guard byte == UInt8(ascii: ","), separators.second < 0, index + 1 < line.count,
                line[index + 1] == UInt8(ascii: " "), separators.first < 0 || index > separators.first + 1
            else { continue }
            if separators.first < 0 { separators.first = index } else { separators.second = index }
        }
        guard separators.second >= 0 else { throw .notThreeParts }
        self.user = 0..<separators.first
        self.session = separators.first + 2..<separators.second
        self.location = separators.second + 2..<line.count
        self.isASCII = seen < 0x80
        guard !user.isEmpty else { throw .emptyUser }
        guard !session.isEmpty else { throw .emptySession }
        if allowsPattern, location.count == 1, line[location.lowerBound] == KeyPattern.star { return }
        guard let slash = location.first, line[slash] == UInt8(ascii: "/") else { throw .locationWithoutSlash }
    }
}
