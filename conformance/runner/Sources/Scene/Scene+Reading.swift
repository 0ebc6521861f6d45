extension Scene {
    /// Reads a link until something is found.
    ///
    /// - Parameters:
    ///   - what: what is looked for, in words.
    ///   - find: answers what was found, or nil to be asked again when more has come.
    /// - Throws: ``Difference`` if it does not come in time, or can't come any more.
    func next<Found>(
        _ what: String, of link: Link, until deadline: ContinuousClock.Instant, _ find: (Link) throws -> Found?
    ) async throws -> Found {
        while true {
            if let found = try find(link) { return found }
            if let end = link.end {
                throw Difference("\(end.inWords) before \(what) came", expected: what, got: unread(link))
            }
            guard try await fill(link, until: deadline) else {
                throw Difference("\(what) did not come within \(inSeconds(deadline - lastDone))", got: unread(link))
            }
        }
    }

    /// Takes what has come, or waits for it.
    ///
    /// - Returns: false if nothing has come in time.
    func fill(_ link: Link, until deadline: ContinuousClock.Instant) async throws -> Bool {
        do {
            let (bytes, end) = try await link.connection.receive(until: deadline) { received, _ in
                guard !received.bytes.isEmpty || received.end != nil else {
                    return (ArraySlice<UInt8>, Connection.End?)?.none
                }
                defer { received.bytes = [] }
                return (received.bytes, received.end)
            }
            if link.bytes.isEmpty { link.bytes = bytes } else { link.bytes += bytes }
            link.end = end
            return true
        } catch Inbox<Connection.Received>.Silence.late {
            return false
        }
    }

    /// What no step has read, for a message.
    private func unread(_ link: Link) -> String {
        let bytes = (link.response?.body ?? []) + link.bytes
        return bytes.isEmpty ? "nothing" : readable(bytes)
    }
}

extension Connection.End {
    /// What the server did, in words.
    var inWords: String {
        switch self {
        case .finished: "the server ended the connection"
        case .reset(let words): "the connection was broken off (\(words))"
        }
    }
}
