import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What can be sent as it is: bytes, or text, which is sent as UTF-8.
public protocol BodyConvertible: Sendable {
    /// The bytes that browsers get.
    var bodyBytes: ByteBuffer { get }
}

extension ByteBuffer: BodyConvertible {
    /// The bytes that can be read.
    public var bodyBytes: ByteBuffer { self }
}

extension String: BodyConvertible {
    /// The text in UTF-8.
    public var bodyBytes: ByteBuffer { ByteBuffer(string: self) }
}

extension Array: BodyConvertible where Element == UInt8 {
    /// The bytes.
    public var bodyBytes: ByteBuffer { ByteBuffer(bytes: self) }
}

extension Data: BodyConvertible {
    /// The bytes.
    public var bodyBytes: ByteBuffer { ByteBuffer(bytes: self) }
}

/// A value, written as JSON.
///
/// - Throws: ``OrbitedError/Kind/invalidBody``: JSON has no form for it, as for a number that is not finite.
func jsonBody(_ value: some Encodable) throws(OrbitedError) -> ByteBuffer {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    do {
        return ByteBuffer(bytes: try encoder.encode(value))
    } catch {
        let reason = (error as? EncodingError).map(reason) ?? "\(error)"
        throw OrbitedError(.invalidBody, "the body can't be written as JSON: \(reason)", cause: error)
    }
}

private func reason(_ error: EncodingError) -> String {
    switch error {
    case .invalidValue(_, let context): context.debugDescription
    @unknown default: "\(error)"
    }
}
