import NIOCore
import OrbitedCore
import OrbitedTransports
import OrbitedWire
import OrbitedTesting
import Testing

/// A vector of `conformance/vectors/bodies`.
struct BodyVector: Decodable, Sendable, CustomTestStringConvertible {
    let id: String
    let body: Piece
    let expect: [String: Piece]

    var testDescription: String { id }

    static func all() throws -> [BodyVector] { try Repository.vectors(BodyVector.self, in: "bodies") }
}

@Suite("Vectors of bodies")
struct BodyVectorTests {
    /// A transport in one of the forms of URL, under the name that vectors have for it.
    struct Form: Sendable, CustomTestStringConvertible {
        let transport: String
        var form: URLForm?
        var testDescription: String { name }

        var name: String {
            switch form {
            case .bar: "\(transport)-bar"
            case .query: "\(transport)-query"
            case nil: transport
            }
        }
    }

    /// The transports that look different in the two forms of URL.
    private static let twofold = ["iframe", "iframe_domain"]
    private static let list = TransportList(allowsRaw: true)
    static let forms = list.names.flatMap { name in
        twofold.contains(name)
            ? URLForm.allCases.map { Form(transport: name, form: $0) } : [Form(transport: name)]
    }

    /// What the vectors have where a cursor stands, and the function that `jsonp` calls in them.
    private static let cursor = Cursor(epoch: 1, serial: 42)
    private static let callback = "got"

    @Test("an event has the bytes of the vector", arguments: try BodyVector.all(), forms)
    func vector(_ vector: BodyVector, _ form: Form) throws {
        let expected = ByteBuffer(bytes: try #require(vector.expect[form.name]).bytes)
        for url in form.form.map({ [$0] }) ?? URLForm.allCases {
            let transport = Self.list.all[try #require(Self.list.number(of: form.transport, in: url))]
            var written = ByteBuffer()
            transport.write(ByteBuffer(bytes: vector.body.bytes), cursor: Self.cursor, into: &written)
            if transport.kind == .batch {
                let mark = Mark(cursor: Self.cursor, isGap: false)
                written = transport.response([written], mark: mark, callback: Self.callback)
            }
            #expect(written == expected, "\(String(buffer: written))")
        }
    }

    @Test("a vector has all transports and no others", arguments: try BodyVector.all())
    func complete(_ vector: BodyVector) {
        #expect(Set(vector.expect.keys) == Set(Self.forms.map(\.name)))
    }
}
