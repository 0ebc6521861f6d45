import Foundation

// What must come next on a connection.
extension Scene {
    func expect(_ step: Step, of link: Link) async throws {
        let deadline = try deadline(of: step)
        let members = step.members
        if let time = members["nothing"] {
            return try await expectNothing(of: link, for: .seconds(seconds(time)))
        } else if let pattern = members["message"] {
            try await expectMessages([pattern], of: link, until: deadline)
        } else if let patterns = members["messages"]?.array {
            try await expectMessages(patterns, of: link, until: deadline)
        } else if let pattern = members["response"] {
            try await expectResponse(pattern, of: link, until: deadline)
        } else if let bytes = try bytes("body", of: step) {
            try await expectBody(bytes, of: link, until: deadline)
        } else if let bytes = try bytes("past", of: step) {
            try await expectPast(bytes, of: link, until: deadline)
        } else if let pattern = members["text"] {
            try await expectText(pattern, of: link, until: deadline)
        } else if let bytes = try bytes("bytes", of: step) {
            try await expectBytes(bytes, of: link, until: deadline)
        } else if let closed = members["closed"] {
            try await expectClosed(link, until: deadline)
            if closed == .string("unbroken"), case .some(.reset(let words)) = link.end {
                throw Difference("the connection was broken off (\(words)), and not ended")
            }
        } else if members["ended"] == .bool(true) {
            try await expectEnded(link, until: deadline)
        } else if let pattern = members["item"] {
            try await expectItem(pattern, of: link, until: deadline)
        } else if let patterns = members["items"]?.array {
            for pattern in patterns { try await expectItem(pattern, of: link, until: deadline) }
        } else {
            throw Difference("the case expects what the suite does not know")
        }
        try checkAfter(step, "it")
    }

    private func expectBytes(_ bytes: [UInt8], of link: Link, until deadline: ContinuousClock.Instant) async throws {
        let expected = bytes[...]
        try await reading("\(grouped(bytes.count)) bytes", expected, of: link, until: deadline) { link in
            guard try Self.begins(link.bytes, with: expected, "the bytes") else { return nil }
            link.bytes = link.bytes.dropFirst(expected.count)
            return true
        }
    }

    private func expectBody(_ bytes: [UInt8], of link: Link, until deadline: ContinuousClock.Instant) async throws {
        try await beginIfUnchecked(link, until: deadline)
        guard link.response != nil else { throw Difference("no head of a response was expected before its body") }
        let expected = bytes[...]
        try await reading("\(grouped(bytes.count)) bytes of the body", expected, of: link, until: deadline) { link in
            try link.readBody()
            guard let response = link.response else { return nil }
            if try Self.begins(response.body, with: expected, "the bytes of the body") {
                link.response?.body = response.body.dropFirst(expected.count)
                return true
            }
            guard !response.decoder.isComplete else {
                throw Difference.bytes("the bytes of the body", expected: expected, got: response.body)
            }
            return nil
        }
    }

    /// Reads until the bytes are there, and shows them if they do not come.
    private func reading(
        _ what: String, _ expected: ArraySlice<UInt8>, of link: Link, until deadline: ContinuousClock.Instant,
        _ find: (Link) throws -> Bool?
    ) async throws {
        do {
            _ = try await next(what, of: link, until: deadline, find)
        } catch var difference as Difference {
            if difference.expected.isEmpty || difference.expected == what { difference.expected = readable(expected) }
            throw difference
        }
    }

    /// Whether the bytes begin with those that are expected; false if they do so far.
    private static func begins(
        _ bytes: ArraySlice<UInt8>, with expected: ArraySlice<UInt8>, _ what: String
    ) throws -> Bool {
        let begin = bytes.prefix(expected.count)
        guard begin.isSame(as: expected.prefix(begin.count)) else {
            throw Difference.bytes(what, expected: expected, got: begin)
        }
        return begin.count == expected.count
    }

    private func expectMessages(
        _ patterns: [JSONValue], of link: Link, until deadline: ContinuousClock.Instant
    ) async throws {
        let hasRaw = patterns.contains { $0["raw"] != nil }
        var messages: [JSONValue] = []
        for _ in patterns {
            let what = patterns.count == 1 ? "a reply or notice" : "reply or notice \(messages.count + 1)"
            do {
                let message = try await next(what, of: link, until: deadline) { try Message(readingFrom: &$0.bytes) }
                messages.append(hasRaw ? message.rawValue : message.value)
            } catch var difference as Difference {
                difference.expected = shortened(expectedText(patterns))
                if !messages.isEmpty { difference.got += " after " + JSONValue.array(messages).text }
                throw difference
            }
        }
        if patterns.count == 1 {
            try match(patterns[0], messages[0], "the message")
        } else {
            try match(["unordered": .array(patterns)], .array(messages), "the list of messages")
        }
    }

    private func expectedText(_ patterns: [JSONValue]) -> String {
        let pattern = patterns.count == 1 ? patterns[0] : .array(patterns)
        return ((try? self.patterns.variables.value(pattern)) ?? pattern).text
    }

    private func expectResponse(
        _ pattern: JSONValue, of link: Link, until deadline: ContinuousClock.Instant
    ) async throws {
        link.reader = nil
        link.unchecked = nil
        var value = try await head(of: link, until: deadline).value.object ?? [:]
        if pattern["body"] != nil {
            value["body"] = .string(String(decoding: try await wholeBody(of: link, until: deadline), as: UTF8.self))
        }
        try match(pattern, .object(value), "the response")
    }

    private func wholeBody(of link: Link, until deadline: ContinuousClock.Instant) async throws -> ArraySlice<UInt8> {
        try await next("the whole body of the response", of: link, until: deadline) { link in
            try link.readBody()
            guard let response = link.response, response.decoder.isComplete else { return nil }
            defer { link.response?.body = [] }
            return response.body
        }
    }

    private func expectEnded(_ link: Link, until deadline: ContinuousClock.Instant) async throws {
        try await beginIfUnchecked(link, until: deadline)
        guard link.response != nil, link.reader == nil, link.socket == nil else {
            return try await expectItem(Item.end, of: link, until: deadline)
        }
        try await next("the end of the response", of: link, until: deadline) { link in
            try link.readBody()
            guard let response = link.response else { return Void?.none }
            guard response.body.isEmpty else {
                throw Difference("the response goes on, and does not end", got: readable(response.body))
            }
            return response.decoder.isComplete ? () : nil
        }
    }

    private func expectClosed(_ link: Link, until deadline: ContinuousClock.Instant) async throws {
        if let socket = link.socket { return try await expectClosed(link, socket, until: deadline) }
        while true {
            // A response that is cut short is its end, too.
            try? link.readBody()
            let unread = (link.response?.body ?? []) + link.bytes
            guard unread.isEmpty else {
                throw Difference("bytes came before the end of the connection", got: readable(unread))
            }
            if link.end != nil { return }
            guard try await fill(link, until: deadline) else {
                throw Difference("the server did not close the connection within \(inSeconds(deadline - lastDone))")
            }
        }
    }
}

extension ArraySlice<UInt8> {
    /// Compares all bytes at once: a debug build takes seconds to compare megabytes one by one.
    fileprivate func isSame(as other: ArraySlice<UInt8>) -> Bool {
        guard count == other.count else { return false }
        return withUnsafeBytes { bytes in
            other.withUnsafeBytes { others in
                guard let first = bytes.baseAddress, let second = others.baseAddress else { return true }
                return memcmp(first, second, bytes.count) == 0
            }
        }
    }
}
