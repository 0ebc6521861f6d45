import NIOCore
import OrbitedWire
import OrbitedTesting
import Testing

/// A vector of `conformance/vectors/control`, or of `control-1.1`.
struct ControlVector: Decodable, Sendable, CustomTestStringConvertible {
    let id: String
    let input: [Piece]
    let limits: [String: Int]?
    let expect: [Expectation]
    let open: Bool

    var testDescription: String { id }

    var controlLimits: ControlLimits {
        get throws {
            var changed = ControlLimits()
            for (name, value) in limits ?? [:] {
                switch name {
                case "control.line": changed.line = value
                case "control.headers": changed.headers = value
                case "control.recipients": changed.recipients = value
                case "control.head": changed.head = value
                case "control.body": changed.body = value
                default: throw UnknownLimit(name: name)
                }
            }
            return changed
        }
    }

    struct UnknownLimit: Error {
        let name: String
    }
}

extension ControlDecoder {
    /// All that comes of bytes that arrive in these parts.
    mutating func outputs(of parts: [ArraySlice<UInt8>]) -> [Output] {
        var outputs: [Output] = []
        for part in parts {
            append(ByteBuffer(bytes: part))
            while let output = next() { outputs.append(output) }
        }
        return outputs
    }
}

@Suite("Vectors of the control wire")
struct ControlVectorTests {
    @Test(
        "a vector gives what it expects, however it is cut",
        arguments: try ["control", "control-1.1"].flatMap { try Repository.vectors(ControlVector.self, in: $0) })
    func vector(_ vector: ControlVector) throws {
        let limits = try vector.controlLimits
        let expected = try vector.expect.enumerated().map { index, expectation in
            let isLast = index == vector.expect.count - 1
            return try expectation.output(closes: isLast && !vector.open, limits: limits)
        }
        for cut in Cuts.of(vector.input.bytes, seed: 1) {
            var decoder = ControlDecoder(limits: limits)
            let outputs = decoder.outputs(of: cut)
            guard outputs == expected, decoder.isClosed != vector.open else {
                Issue.record("cut into \(cut.map(\.count)): \(outputs), open: \(!decoder.isClosed)")
                return
            }
        }
    }
}

extension ControlLimits {
    /// The limit that the code's sentence names.
    func value(for code: ControlCode) -> Int? {
        switch code {
        case .lineTooLong: line
        case .tooManyHeaders: headers
        case .tooManyRecipients: recipients
        case .bodyTooLarge: body
        case .headTooLarge: head
        case .badID: Self.id
        case .badLength: Self.length
        default: nil
        }
    }
}
