import NIOCore
import NIOHTTP1
import OrbitedProxy
import OrbitedTesting
import OrbitedTransports
import Testing

@testable import OrbitedServer

/// One vector of `conformance/vectors/urls`.
struct URLVector: Decodable, Sendable, CustomTestStringConvertible {
    struct Expectation: Decodable {
        let status: Int?
        let user: String?
        let session: String?
        let location: String?
        let transport: String?
        let form: String?
    }

    let id: String
    let target: String
    let method: String?
    let body: String?
    let contentType: String?
    let cookie: String?
    let expect: Expectation

    var testDescription: String { id }

    static func all() throws -> [URLVector] { try Repository.vectors(URLVector.self, in: "urls") }
}

@Suite("URLs")
struct URLVectorTests {
    let settings: HTTPSettings

    init() {
        var configuration = Configuration()
        configuration.http.example = false
        settings = HTTPSettings(configuration)
    }

    private func asking(_ head: HTTPRequestHead, _ target: RequestTarget) -> OwnRequest.Question {
        switch Route(target.path, rules: settings.rules) {
        case .own(let path): OwnRequest.Question(head, target: target, path: path)
        case .application: preconditionFailure("there are no rules")
        }
    }

    @Test("A request names the key that its vector says, or gets its status", arguments: try URLVector.all())
    func vector(_ vector: URLVector) throws {
        var headers = HTTPHeaders([("Host", "example.org")])
        if let type = vector.contentType { headers.add(name: "Content-Type", value: type) }
        if let cookie = vector.cookie { headers.add(name: "Cookie", value: cookie) }
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: vector.method ?? "GET"), uri: vector.target,
            headers: headers)
        let asked = RequestTarget(vector.target).map { asking(head, $0) }
        let question = asked ?? OwnRequest.Question.badTarget(of: head)
        var request = OwnRequest(head: head, question: question, maxBody: settings.maxForm)
        let isWithinBound = vector.body.map { request.take(ByteBuffer(string: $0)) } ?? true
        #expect(isWithinBound)
        let expected = vector.expect
        switch request.answer(settings: settings) {
        case .events(let url, _), .socket(let url, _):
            #expect(expected.status == nil)
            #expect(url.key.user == expected.user)
            #expect(url.key.session == expected.session)
            #expect(url.key.location == expected.location)
            #expect(url.transport == expected.transport)
            #expect(url.form == (expected.form == "bar" ? .bar : .query))
        case .fault(let fault): #expect(Int(fault.status.code) == expected.status)
        case .options, .acknowledged: #expect(expected.status == 204)
        case .file: #expect(expected.status == 200)
        }
    }

    @Test("There are vectors")
    func many() throws { #expect(try URLVector.all().count > 100) }
}
