import NIOCore
import OrbitedTesting
import Testing

@testable import OrbitedClient

/// A vector of `conformance/vectors/replies` or `replies-1.1`, of which only the bytes matter here.
private struct ReplyBytes: Decodable, Sendable {
    let id: String
    let input: [Piece]
}

@Suite("What the bytes of a server mean, however they are cut")
struct ReplyVectorTests {
    /// What came out, as text.
    private func outcomes(of parts: [ArraySlice<UInt8>]) -> [String] {
        var orbit = OrbitProtocol()
        var found: [String] = []
        for part in parts {
            orbit.append(ByteBuffer(bytes: part))
            while let outcome = orbit.next() { found.append("\(outcome)") }
        }
        return found
    }

    @Test(
        "all vectors give the same cut at any byte as at once, and a violation is the last",
        arguments: ["replies", "replies-1.1"])
    func vectors(folder: String) throws {
        for vector in try Repository.vectors(ReplyBytes.self, in: folder) where vector.input.bytes.count < 500 {
            let bytes = vector.input.bytes
            let whole = outcomes(of: [bytes[...]])
            #expect(outcomes(of: bytes.indices.map { bytes[$0...$0] }) == whole, "\(vector.id)")
            for cut in bytes.indices {
                let halves = outcomes(of: [bytes[..<cut], bytes[cut...]])
                guard halves == whole else {
                    Issue.record("\(vector.id), cut at \(cut): \(halves)")
                    break
                }
            }
            #expect(!whole.dropLast().contains { $0.hasPrefix("violation") })
        }
    }
}
