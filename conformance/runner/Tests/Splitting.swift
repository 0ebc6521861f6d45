@testable import OrbitedConformance

/// Feeds bytes to a reader: whole, cut in two at each place, and byte by byte.
///
/// - Parameter read: makes a reader, which is asked again with each piece, and says what it found so far.
func outcomes<Found: Equatable>(
    _ bytes: [UInt8], _ makeReader: () -> (ArraySlice<UInt8>, _ isLast: Bool) throws -> [Found]
) throws -> [[Found]] {
    var cuts: [[ArraySlice<UInt8>]] = [[bytes[...]], bytes.indices.map { bytes[$0..<$0 + 1] }]
    if bytes.count < 600 { cuts += bytes.indices.dropFirst().map { [bytes[..<$0], bytes[$0...]] } }
    return try cuts.map { pieces in
        let read = makeReader()
        return try pieces.enumerated().flatMap { try read($1, $0 == pieces.count - 1) }
    }
}
