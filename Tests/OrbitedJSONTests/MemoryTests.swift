#if os(Linux)
    import Glibc
    import OrbitedJSON
    import Testing

    @Suite("Memory", .serialized)
    struct MemoryTests {
        /// Far less than the trees of seven thousand readings, which are 315 MB.
        private static let bound = 128 << 20
        /// About 45 KB of libjansson's memory.
        private static let elements = Array(repeating: "{}", count: 200).joined(separator: ",")

        @Test(
            "a hundred thousand readings leave nothing behind, however they end",
            arguments: [
                "[\(elements)]", "[\(elements)", "[\(elements),{\"a\":1,\"a\":1}]", "[\(elements)] x",
                "[\(elements),\"\\ud800\"]",
            ])
        func nothingIsLeft(text: String) throws {
            // The first fill what allocators keep: address sanitizer holds 256 MiB back before it uses them again.
            read(text, times: 3_000)
            let before = try residentBytes()
            read(text, times: 7_000)
            #expect(try residentBytes() - before < Self.bound)
        }

        private func read(_ text: String, times: Int) {
            let bytes = Array(text.utf8)
            for _ in 0..<times {
                _ = try? JSON.parse(bytes)
                _ = JSONText.scriptSafe(bytes)
            }
        }

        /// The second number of statm: pages in memory.
        private func residentBytes() throws -> Int {
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
