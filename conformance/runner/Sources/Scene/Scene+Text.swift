// Bytes that are free in part, such as the padding of a frame.
extension Scene {
    /// Waits until all that has come and no step has read is text that matches, and takes it.
    func expectText(_ pattern: JSONValue, of link: Link, until deadline: ContinuousClock.Instant) async throws {
        try await beginIfUnchecked(link, until: deadline)
        // A pattern that nothing matches, too, is for all that has come by now.
        if link.end == nil { _ = try await fill(link, until: .now) }
        while true {
            let reading = Result { try link.readBody() }
            let text = JSONValue.string(String(decoding: link.unreadText, as: UTF8.self))
            do {
                try patterns.match(pattern, text)
                return link.forgetUnreadText()
            } catch let mismatch as Patterns.Mismatch {
                try reading.get()
                var why = link.end.map { "\($0.inWords) before the text came" }
                if why == nil, try await !fill(link, until: deadline) { why = "the text did not come in time" }
                guard let why else { continue }
                throw Difference(why, expected: shortened(mismatch.expected), got: readable(link.unreadText))
            }
        }
    }
}

extension Link {
    /// What is left of the response's body, and behind a response that is complete the connection's bytes.
    fileprivate var unreadText: ArraySlice<UInt8> {
        guard let response else { return bytes }
        return response.decoder.isComplete ? response.body + bytes : response.body
    }

    fileprivate func forgetUnreadText() {
        if response?.decoder.isComplete ?? true { bytes = [] }
        response?.body = []
    }
}
