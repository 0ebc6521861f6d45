#if os(Linux)
    import Glibc
    import OrbitedJSON
    import Testing

    @Suite("Memory")
    struct MemoryTests {
        /// Far less than the trees of two thousand readings, which are 90 MB.
        private static let bound = 32 << 20
        /// About 45 KB of libjansson's memory.
        private static let elements = Array(repeating: "{}", count: 200).joined(separator: ",")

        /// In a process of its own: in this one other tests take memory meanwhile.
        @Test(
            "two thousand readings leave nothing behind, however they end",
            arguments: [
                "[\(elements)]", "[\(elements)", "[\(elements),{\"a\":1,\"a\":1}]", "[\(elements)] x",
                "[\(elements),\"\\ud800\"]",
            ])
        func nothingIsLeft(text: String) async throws {
            await #expect(processExitsWith: .success) { [text = text as String] in
                // The first fill what allocators keep.
                Self.read(text, times: 500)
                let before = try Self.residentBytes()
                Self.read(text, times: 2_000)
                #expect(try Self.residentBytes() - before < Self.bound)
            }
        }

        private static func read(_ text: String, times: Int) {
            let bytes = Array(text.utf8)
            for _ in 0..<times {
                _ = try? JSON.parse(bytes)
                _ = JSONText.scriptSafe(bytes)
            }
        }

        /// The second number of statm: pages in memory.
        private static func residentBytes() throws -> Int {
            let file = try #require(fopen("/proc/self/statm", "r"))
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 128)
            try #require(fgets(&line, Int32(line.count), file) != nil)
            let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            let pages = try #require(Int(text.split(separator: " ")[1]))
            return pages * sysconf(Int32(_SC_PAGESIZE))
        }
    }
#endif
