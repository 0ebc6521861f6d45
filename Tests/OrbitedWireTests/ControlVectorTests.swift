import NIOCore
import OrbitedWire
import OrbitedTesting
import Testing

/// A vector of `conformance/vectors/control`.
struct ControlVector: Decodable, Sendable, CustomTestStringConvertible {
    let id: String
    let input: [Piece]
    let limits: [String: Int]?
    let expect: [Expectation]
    let open: Bool

    struct Expectation: Decodable {
        let event: Event?
        let failure: Failure?
    }

    struct Event: Decodable {
        let id: String
        let recipients: [String]
        let body: Piece
    }

    struct Failure: Decodable {
        let id: String?
        let code: UInt16
    }

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
        arguments: try Repository.vectors(ControlVector.self, in: "control"))
    func vector(_ vector: ControlVector) throws {
        let limits = try vector.controlLimits
        let expected = try vector.expect.enumerated().map { index, expectation in
            let isLast = index == vector.expect.count - 1
            return try output(of: expectation, closes: isLast && !vector.open, limits: limits)
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

    private func output(
        of expectation: ControlVector.Expectation, closes: Bool, limits: ControlLimits
    ) throws -> ControlDecoder.Output {
        if let event = expectation.event {
            let recipients = try event.recipients.map { try ConnectionKey($0) }
            return .event(EventFrame(id: event.id, recipients: recipients, body: ByteBuffer(bytes: event.body.bytes)))
        }
        let failure = try #require(expectation.failure)
        let code = try #require(ControlCode(rawValue: failure.code))
        let fault = ControlFault(code, limit: limits.value(for: code))
        return .failure(ControlFailure(id: failure.id, fault: fault, closes: closes))
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
