import NIOCore
import OrbitedJSON
import OrbitedProxy
import Testing

@testable import OrbitedServer

@Suite("The example page")
struct ExamplePageTests {
    private func configuration(_ change: (inout Configuration) -> Void = { _ in }) -> Configuration {
        var configuration = Configuration()
        change(&configuration)
        return configuration
    }

    /// What the page is told of the server.
    private func server(_ change: (inout Configuration) -> Void = { _ in }) throws -> JSON {
        let html = ExamplePage.html(configuration(change))
        let begin = try #require(html.firstRange(of: "id=\"server\">")).upperBound
        let end = try #require(html[begin...].firstRange(of: "</script>")).lowerBound
        return try JSON.parse(String(html[begin..<end]))
    }

    @Test("It is there on addresses of this machine alone", arguments: ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
    func shown(host: String) throws {
        let files = DaemonFiles(configuration { $0.http.host = host })
        #expect(try files.file("/_/").headers.map(\.0) == ["Content-Security-Policy"])
    }

    @Test("Elsewhere one is told why there is none", arguments: ["0.0.0.0", "::", "192.168.0.1", "example.org"])
    func withheld(host: String) {
        let files = DaemonFiles(configuration { $0.http.host = host })
        #expect(throws: HTTPFault.exampleIsWithheld) { try files.file("/_/") }
        #expect(HTTPFault.exampleIsWithheld.status == .notFound)
    }

    @Test func `Switched off, it is nowhere`() {
        let files = DaemonFiles(configuration { $0.http.example = false })
        #expect(throws: HTTPFault.exampleIsOff) { try files.file("/_/") }
        #expect(HTTPFault.exampleIsOff.status == .notFound)
        #expect(HTTPFault.exampleIsOff.message.contains("example = 1 in [http]"))
    }

    @Test func `All its parts are in it, and nothing of it comes from elsewhere`() throws {
        let html = ExamplePage.html(Configuration())
        for part in [PackageResources.example_css, PackageResources.snippets_js, PackageResources.example_js] {
            #expect(html.contains(String(decoding: part, as: UTF8.self)))
        }
        #expect(!html.contains("/* example.css */") && !html.contains("://"))
        // No part ends the element that it stands in.
        #expect(html.split(separator: "<script", omittingEmptySubsequences: false).count - 1 == 4 + inStrings(html))
        #expect(html.split(separator: "</script>", omittingEmptySubsequences: false).count - 1 == 4)
    }

    /// How many script elements stand in the texts that the page offers to copy.
    private func inStrings(_ html: String) -> Int {
        html.split(separator: "'<script", omittingEmptySubsequences: false).count - 1
    }

    @Test func `With the usual ports the commands need to name none`() throws {
        let told = try server()
        #expect(told["host"] == .null && told["port"] == .null)
        #expect(told["rules"] == [])
        #expect(told["transports"] == .array(Configuration().transportList.names.map { .string($0) }))
    }

    @Test func `Another address of the control port is told`() throws {
        let told = try server {
            $0.control.host = "127.0.0.2"
            $0.control.port = 9001
        }
        #expect(told["host"] == "127.0.0.2" && told["port"] == 9001)
        #expect(try server { $0.control.port = 0 }["port"] == "PORT")
        #expect(try server { $0.control.host = "::" }["host"] == .null)
    }

    @Test func `The rules of the proxy are told, and can't end the script`() throws {
        let told = try server {
            $0.proxy.enabled = true
            $0.proxy.rules = [
                ProxyRule(prefix: "/</script>", target: .orbited),
                ProxyRule(prefix: "/", target: .application(Application(host: "127.0.0.1", port: 4700))),
            ]
        }
        #expect(told["rules"] == [["prefix": "/</script>", "isOwn": true], ["prefix": "/", "isOwn": false]])
    }
}
