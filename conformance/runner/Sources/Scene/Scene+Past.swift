// What must come, whatever comes before it.
extension Scene {
    /// Reads up to the end of these bytes: of the response's body, or of the connection if it has none.
    func expectPast(_ bytes: [UInt8], of link: Link, until deadline: ContinuousClock.Instant) async throws {
        let hasBody = link.response.map { $0.head.status != 101 } ?? false
        do {
            try await next("\(grouped(bytes.count)) bytes", of: link, until: deadline) { link in
                guard hasBody else { return Self.takePast(bytes, &link.bytes) }
                try link.readBody()
                guard var response = link.response else { return nil }
                defer { link.response = response }
                if let found: Void = Self.takePast(bytes, &response.body) { return found }
                guard !response.decoder.isComplete else {
                    throw Difference("the response ended before the bytes came", got: readable(response.body))
                }
                return nil
            }
        } catch var difference as Difference {
            difference.expected = "anything, and then \(readable(bytes))"
            throw difference
        }
    }

    private static func takePast(_ bytes: [UInt8], _ received: inout ArraySlice<UInt8>) -> Void? {
        guard let range = received.firstRange(of: bytes) else { return nil }
        received = received[range.upperBound...]
        return ()
    }
}
