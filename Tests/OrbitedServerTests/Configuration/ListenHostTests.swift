import Testing

@testable import OrbitedServer

@Suite struct ListenHostTests {
    @Test(
        "Addresses of this machine alone are known",
        arguments: ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost", "LOCALHOST", "::ffff:127.0.0.1"])
    func isLoopback(text: String) {
        #expect(ListenHost(text)?.isLoopback == true)
    }

    @Test(
        "Every other address may be reached",
        arguments: [
            "0.0.0.0", "::", "192.168.0.1", "::2", "fe80::1", "::ffff:10.0.0.1", "example.org", "localhost.example.org",
            "127.0.0.1.example.org",
        ])
    func isNotLoopback(text: String) {
        #expect(ListenHost(text)?.isLoopback == false)
    }

    @Test(
        "What is neither address nor name is refused",
        arguments: [
            "", "127.0.0.1:8000", "localhost:8000", "[::1]:8000", "[localhost]", "*", "a b", "http://localhost",
            "127.1",
            "256.0.0.1", "a..b", ".", "\"localhost\"", "::1\0", "ö.de",
        ])
    func isRefused(text: String) {
        #expect(ListenHost(text) == nil)
    }

    @Test func `The brackets of an IPv6 address are taken off`() {
        #expect(ListenHost("[::1]")?.text == "::1")
    }

    @Test(
        "Listeners are in each other's way on one address",
        arguments: [
            ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "localhost", true), ("0.0.0.0", "10.0.0.1", true),
            ("127.0.0.1", "::", true), ("Example.org", "example.org", true), ("127.0.0.1", "127.0.0.2", false),
            ("10.0.0.1", "127.0.0.1", false),
        ])
    func overlaps(one: String, other: String, expected: Bool) throws {
        let (one, other) = (try #require(ListenHost(one)), try #require(ListenHost(other)))
        #expect(one.overlaps(other) == expected)
        #expect(other.overlaps(one) == expected)
    }
}
