import NIOCore
import OrbitedTransports
import OrbitedTesting
import Testing

/// A vector of `conformance/vectors/bodies`.
struct BodyVector: Decodable, Sendable, CustomTestStringConvertible {
    let id: String
    let body: Piece
    let expect: [String: Piece]

    var testDescription: String { id }
}

@Suite("Vectors of bodies")
struct BodyVectorTests {
    /// A transport in one of the forms of URL, under the name that vectors have for it.
    struct Form: Sendable, CustomTestStringConvertible {
        let name: String
        let transport: String
        let form: URLForm
        var testDescription: String { name }
    }

    static let forms = [
        Form(name: "iframe-bar", transport: "iframe", form: .bar),
        Form(name: "iframe-query", transport: "iframe", form: .query),
        Form(name: "xhr", transport: "xhr", form: .query),
        Form(name: "sse", transport: "sse", form: .query),
    ]

    @Test(
        "an event has the bytes of the vector",
        arguments: try Repository.vectors(BodyVector.self, in: "bodies"), forms)
    func vector(_ vector: BodyVector, _ form: Form) throws {
        let list = TransportList()
        let number = try #require(list.number(of: form.transport, in: form.form))
        let expected = ByteBuffer(bytes: try #require(vector.expect[form.name]).bytes)
        var written = ByteBuffer()
        list.all[number].write(ByteBuffer(bytes: vector.body.bytes), into: &written)
        #expect(written == expected, "\(String(buffer: written))")
    }

    @Test("a vector has all transports and no others", arguments: try Repository.vectors(BodyVector.self, in: "bodies"))
    func complete(_ vector: BodyVector) {
        #expect(Set(vector.expect.keys) == Set(Self.forms.map(\.name)))
    }
}
