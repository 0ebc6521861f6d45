import NIOCore
import OrbitedWire

extension Reply {
    /// What a reply that is no refusal says about a frame.
    func value(of frame: Frame, _ version: Frame.Version, id: String) throws(OrbitedError) -> Value {
        guard isSuccess || frame.action == .event else { throw .violation("a Failure is no answer to it") }
        switch frame.action {
        case .event: return .receipt(try receipt(frame, version, id: id))
        case .auth, .ping, .unwatch: return .done
        case .watch:
            guard let epoch else { throw .violation("the reply to a Watch has no epoch") }
            let place = NoticePlace(epoch: epoch, sequence: try needed(sequence, "sequence"))
            return .watching(WatchStart(place: place, present: present ?? 0, isResumed: isResumed ?? false))
        case .list: return .listing(try listing())
        case .close: return .closed(try needed(closed, "closed"))
        }
    }

    private func receipt(_ frame: Frame, _ version: Frame.Version, id: String) throws(OrbitedError) -> Receipt {
        guard !isSuccess || unreached.isEmpty else { throw .violation("a Success names who was not reached") }
        let missed = try missed()
        if !missed.isEmpty { try check(missed, against: frame) }
        switch version {
        case .orbit11:
            return Receipt(id: id, reached: try needed(reached, "reached"), unreached: missed, message: message)
        case .orbit10:
            let named = Set(frame.recipients).count
            return Receipt(id: id, reached: named - missed.count, unreached: missed, message: message)
        }
    }

    private func missed() throws(OrbitedError) -> [Unreached] {
        var all: [Unreached] = []
        guard fates.isEmpty else {
            for fate in fates { all.append(Unreached(key: try key(fate.key), code: fate.code, name: fate.name)) }
            return all
        }
        // Two strings are equal also if their bytes are not. [CTL-24]
        var seen: Set<ConnectionKey> = []
        for text in unreached {
            let key = try key(text)
            if seen.insert(key).inserted { all.append(Unreached(key: key)) }
        }
        return all
    }

    private func check(_ missed: [Unreached], against frame: Frame) throws(OrbitedError) {
        let named = Set(frame.recipients)
        let patterns = frame.recipients.filter { if case .pattern = $0 { true } else { false } }
        for one in missed where !named.contains(.key(one.key)) && !patterns.contains(where: { $0.matches(one.key) }) {
            throw .violation("the reply names \(one.key), which the event did not")
        }
    }

    private func listing() throws(OrbitedError) -> Listing {
        let count = try needed(keys, "keys")
        guard let body else { throw .violation("the reply to a List has no body") }
        var lines = body.readableBytesView.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.popLast()?.isEmpty == true, lines.count == count else {
            throw .violation("the reply to a List has another number of keys than \(count)")
        }
        var found: [ConnectionKey] = []
        for line in lines {
            guard let text = String(validating: line, as: UTF8.self) else { throw .violation("a key is not UTF-8") }
            found.append(try key(text))
        }
        return Listing(keys: found, more: hasMore ?? false)
    }

    private func key(_ text: String) throws(OrbitedError) -> ConnectionKey {
        do {
            return try ConnectionKey(text)
        } catch {
            throw .violation("\(text.prefix(200).debugDescription) is no key: \(error)")
        }
    }

    private func needed<Wanted>(_ value: Wanted?, _ name: StaticString) throws(OrbitedError) -> Wanted {
        guard let value else { throw .violation("the reply has no header \(name)") }
        return value
    }
}

extension OrbitedError {
    static func violation(_ message: String) -> OrbitedError { OrbitedError(.protocolViolated, message) }

    /// The server's refusal of a frame, or of a connection.
    static func refusal(_ reply: Reply, to frame: Frame? = nil) -> OrbitedError {
        if reply.code == Int(ControlCode.badAction.rawValue), let frame { return unsupported(frame) }
        let message = reply.message.isEmpty ? "it did not say why" : reply.message
        return OrbitedError(.refused, message, code: reply.code, codeName: reply.codeName)
    }

    /// The server speaks Orbit 1.0 only.
    static func unsupported(_ frame: Frame) -> OrbitedError {
        let what = frame.action == .event ? "patterns, ack and ttl" : frame.action.rawValue
        return OrbitedError(
            .unsupportedVersion, "the server speaks Orbit 1.0 only, which has no \(what)",
            code: Int(ControlCode.badAction.rawValue), codeName: ControlCode.badAction.name)
    }
}
