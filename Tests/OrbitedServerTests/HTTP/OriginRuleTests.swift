import NIOHTTP1
import Testing

@testable import OrbitedServer

@Suite("Origins")
struct OriginRuleTests {
    /// What an origin is to a server that is asked for by `host`.
    private func verdict(
        _ headers: [String: String], by rule: OriginRule = .listed([]), host: String? = "example.org:8000"
    ) -> OriginVerdict {
        let host = host.map { [("Host", $0)] } ?? []
        return rule.verdict(on: RequestOrigin(HTTPHeaders(host + headers.map { ($0.key, $0.value) })))
    }

    private func listed(_ origins: String...) -> OriginRule { .listed(origins.compactMap { WebOrigin($0) }) }

    @Test("A request that names no page is taken, as programs send it", arguments: [nil, "none", "same-origin"])
    func program(site: String?) {
        #expect(verdict(site.map { ["Sec-Fetch-Site": $0] } ?? [:]) == .same)
    }

    @Test(
        "The own origin is that of the Host header, whatever the scheme",
        arguments: [
            ("http://example.org:8000", "example.org:8000"), ("https://example.org:8000", "EXAMPLE.org:8000"),
            ("https://example.org", "example.org"), ("https://example.org", "example.org:443"),
            ("http://example.org", "example.org:80"), ("http://[::1]:8000", "[::1]:8000"),
        ])
    func same(origin: String, host: String) {
        #expect(verdict(["Origin": origin], host: host) == .same)
        #expect(verdict(["Referer": "\(origin)/a?b#c"], host: host) == .same)
    }

    @Test(
        "Another host, another port, or what is no origin at all, is foreign",
        arguments: [
            "http://example.org", "http://example.org:8001", "http://www.example.org:8000", "null", "file://", "",
            "http://example.org:8000/", "http://example.org:8000 http://example.org:8000", "chrome-extension://abc",
        ])
    func foreign(origin: String) {
        #expect(verdict(["Origin": origin]) == .foreign)
        #expect(verdict(["Origin": "http://example.org"], host: nil) == .foreign)
    }

    @Test("The Origin counts before the Referer, and that before Sec-Fetch-Site")
    func order() {
        let own = "http://example.org:8000"
        #expect(verdict(["Origin": "http://a.example", "Referer": "\(own)/"]) == .foreign)
        #expect(verdict(["Origin": own, "Referer": "http://a.example/"]) == .same)
        #expect(verdict(["Referer": "http://a.example/", "Sec-Fetch-Site": "none"]) == .foreign)
        #expect(verdict(["Referer": "about:blank"]) == .foreign)
        #expect(verdict(["Referer": ""]) == .same)
    }

    @Test("What the browser itself says to be of the same origin is so")
    func sameByFetchMetadata() {
        #expect(verdict(["Origin": "https://shown.example", "Sec-Fetch-Site": "same-origin"]) == .same)
        #expect(verdict(["Origin": "null", "Sec-Fetch-Site": "same-origin"]) == .same)
    }

    @Test("A page that hides its address is foreign by Sec-Fetch-Site", arguments: ["cross-site", "same-site"])
    func hidden(site: String) {
        #expect(verdict(["Sec-Fetch-Site": site]) == .foreign)
        #expect(verdict(["Sec-Fetch-Site": site], by: listed("https://a.example")) == .foreign)
        #expect(verdict(["Sec-Fetch-Site": site], by: .any) == .listed(.any))
    }

    @Test("A header that stands there twice names no page")
    func twice() {
        for name in ["Origin", "Referer", "Host"] {
            let headers = [("Host", "example.org"), ("Origin", "http://example.org"), (name, "http://example.org")]
            let page = RequestOrigin(HTTPHeaders(headers))
            #expect(page.isSame == (name == "Referer"), "\(name)")
        }
    }

    @Test("A listed origin is let in by the text that browsers compare")
    func list() {
        let rule = listed("HTTPS://A.example:443", "http://b.example:8080")
        #expect(verdict(["Origin": "https://a.example"], by: rule) == .listed(.one("https://a.example")))
        #expect(verdict(["Referer": "http://b.example:8080/x"], by: rule) == .listed(.one("http://b.example:8080")))
        for other in [
            "http://a.example", "https://a.example:8443", "https://b.example", "https://a.example.org", "null",
        ] {
            #expect(verdict(["Origin": other], by: rule) == .foreign)
        }
        #expect(verdict(["Origin": "http://example.org:8000"], by: rule) == .same)
    }

    @Test("With any origin let in, another one reads without credentials", arguments: ["https://a.example", "null"])
    func any(origin: String) {
        #expect(verdict(["Origin": origin], by: .any) == .listed(.any))
        #expect(AllowedOrigin.any.headers.map(\.1) == ["*"])
        #expect(verdict(["Origin": "http://example.org:8000"], by: .any) == .same)
    }
}
