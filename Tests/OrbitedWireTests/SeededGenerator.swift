/// SplitMix64: the same seed gives the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: Int) {
        state = UInt64(seed)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// Ways to cut bytes into reads.
enum Cuts {
    /// Whole, byte by byte, and in two at every place; large inputs in two and more at some places.
    static func of(_ bytes: [UInt8], seed: Int) -> [[ArraySlice<UInt8>]] {
        var cuts: [[ArraySlice<UInt8>]] = [[bytes[...]]]
        if bytes.count < 2_048 {
            cuts.append(bytes.indices.map { bytes[$0...$0] })
            cuts += bytes.indices.map { [bytes[..<$0], bytes[$0...]] }
        } else {
            var generator = SeededGenerator(seed: seed)
            cuts += (0..<8).map { _ in random(bytes, parts: 2, using: &generator) }
            cuts.append(random(bytes, parts: 40, using: &generator))
        }
        return cuts
    }

    static func random(
        _ bytes: [UInt8], parts: Int, using generator: inout SeededGenerator
    ) -> [ArraySlice<UInt8>] {
        let places = (1..<parts).map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted()
        return zip([0] + places, places + [bytes.count]).map { bytes[$0..<$1] }
    }
}
