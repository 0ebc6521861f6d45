import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import OrbitedProxy

@Suite("Failures")
struct FailurePageTests {
    private let application = Application(host: "127.0.0.1", port: 4700)

    @Test("A page names the application, the failure, the rule and what to do")
    func page() {
        let rule = ProxyRule(prefix: "/", target: .application(application))
        let page = FailurePage(
            failure: .unreachable(reason: "it refused the connection"), application: application, rule: rule)
        let (head, body) = page.response()
        let html = String(buffer: body)
        #expect(head.status == .badGateway)
        #expect(head.headers["Content-Length"] == [String(body.readableBytes)])
        #expect(head.headers["Content-Type"] == ["text/html; charset=utf-8"])
        #expect(html.contains("The application at http://127.0.0.1:4700 can&#39;t be reached: it refused the connec"))
        #expect(html.contains("Is the application running? Start it or correct the rule, then reload this page."))
        #expect(
            html.contains(
                "Orbited proxies <code>/</code> to <code>http://127.0.0.1:4700</code> by the rule "
                    + "<code>/ -&gt; http://127.0.0.1:4700</code>."))
    }

    @Test("Whatever a page quotes is text, not markup")
    func escaping() {
        let evil = "<script>\"&'</script>"
        let rule = ProxyRule(prefix: "/" + evil, target: .application(Application(host: evil, port: 1)))
        let page = FailurePage(
            failure: .unreachable(reason: evil), application: Application(host: evil, port: 1), rule: rule)
        let html = String(buffer: page.response().body)
        #expect(!html.contains("<script"))
        #expect(html.contains("&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;"))
    }

    @Test(
        "Each failure has its status",
        arguments: [
            (ProxyFailure.unreachable(reason: ""), HTTPResponseStatus.badGateway),
            (.unresolvable, .badGateway),
            (.connectTimedOut(.seconds(5)), .gatewayTimeout),
            (.closedEarly, .badGateway),
            (.malformedResponse(reason: ""), .badGateway),
            (.responseTimedOut(.seconds(60)), .gatewayTimeout),
            (.upgradeUnsupported, .notImplemented),
            (.tunnelUnsupported, .notImplemented),
            (.codingUnsupported, .notImplemented),
            (.malformedRequest(reason: ""), .badRequest),
        ])
    func status(failure: ProxyFailure, status: HTTPResponseStatus) {
        #expect(failure.status == status)
        #expect(failure.isClientFault == (status == .notImplemented || status == .badRequest))
        #expect(failure.sentence(about: application).hasSuffix("."))
    }

    @Test("Times are told in seconds")
    func times() {
        #expect(ProxyFailure.responseTimedOut(.seconds(60)).sentence(about: application).hasSuffix("silent for 60 s."))
        #expect(
            ProxyFailure.connectTimedOut(.milliseconds(250)).sentence(about: application).hasSuffix("within 0.25 s."))
    }

    @Test(
        "Errors of connections become failures",
        arguments: [
            (ChannelError.connectTimeout(.seconds(1)) as any Error, ProxyFailure.connectTimedOut(.seconds(5))),
            (
                IOError(errnoCode: ECONNREFUSED, reason: "connect"),
                .unreachable(reason: "it refused the connection")
            ),
            (IOError(errnoCode: ENETUNREACH, reason: "connect"), .unreachable(reason: "there is no way to its host")),
            (IOError(errnoCode: EMFILE, reason: "socket"), .unreachable(reason: "Orbited has too many files open")),
        ])
    func connecting(error: any Error, failure: ProxyFailure) {
        #expect(ProxyFailure.connecting(error, timeout: .seconds(5)) == failure)
    }

    @Test("An application's URL names the port unless HTTP does, and brackets an IPv6 address")
    func urls() {
        #expect(Application(host: "::1", port: 4700).description == "http://[::1]:4700")
        #expect(Application(host: "app.example", port: 80).description == "http://app.example")
    }
}
