import OrbitedTesting

/// Ways to cut bytes into reads.
enum Cuts {
    /// Whole, byte by byte, and in two at every place; the larger the input, the fewer cuts at seeded places.
    static func of(_ bytes: [UInt8], seed: Int) -> [[ArraySlice<UInt8>]] {
        guard bytes.count >= 2_048 else {
            let halves = bytes.indices.map { [bytes[..<$0], bytes[$0...]] }
            return [[bytes[...]], bytes.indices.map { bytes[$0...$0] }] + halves
        }
        var generator = SeededGenerator(seed: seed)
        let counts = bytes.count < 65_536 ? [1, 2, 2, 2, 2, 40] : [1, 10]
        return counts.map { random(bytes, parts: $0, using: &generator) }
    }

    static func random(
        _ bytes: [UInt8], parts: Int, using generator: inout SeededGenerator
    ) -> [ArraySlice<UInt8>] {
        let places = (1..<parts).map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted()
        return zip([0] + places, places + [bytes.count]).map { bytes[$0..<$1] }
    }
}
