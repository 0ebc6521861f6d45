@testable import OrbitedConformance

/// Feeds bytes to a reader: whole, cut in two at each place, and byte by byte.
///
/// - Parameter makeReader: makes a reader, which is asked again with each piece, and says what it found in it.
/// - Returns: for each way to cut, all that was found, or what the reader has thrown.
func outcomes<Found: Equatable>(
    _ bytes: [UInt8], _ makeReader: () -> (ArraySlice<UInt8>, _ isLast: Bool) throws -> [Found]
) -> [Result<[Found], any Error>] {
    var cuts: [[ArraySlice<UInt8>]] = [[bytes[...]]]
    if bytes.count > 1 { cuts.append(bytes.indices.map { bytes[$0..<$0 + 1] }) }
    if bytes.count < 600 { cuts += bytes.indices.dropFirst().map { [bytes[..<$0], bytes[$0...]] } }
    return cuts.map { pieces in
        let read = makeReader()
        return Result { try pieces.enumerated().flatMap { try read($1, $0 == pieces.count - 1) } }
    }
}
