import NIOCore

/// The head of one message from a server while it arrives. [CTL-114] [CTL-115]
struct MessageHead: Sendable {
    private enum Word: String {
        case success = "Success"
        case failure = "Failure"
        case present = "Present"
        case signon = "Signon"
        case signoff = "Signoff"
    }

    /// `nil` for a notice of a later version, which is skipped.
    private let word: Word?
    private var reply: Reply
    private var watch: String?
    private var key: String?
    private var signoff = Notice.Signoff(reason: .init(rawValue: ""))
    private var hasReason = false
    /// How many bytes of body follow, if the head says so.
    private(set) var length: Int?

    init(_ line: String) throws(ReplyError) {
        word = Word(rawValue: line)
        reply = Reply(isSuccess: word == .success)
        guard word == nil else { return }
        let isWord = !line.isEmpty && line.utf8.allSatisfy(Self.isWordCharacter)
        guard isWord else { throw .notAReply(line) }
    }

    private static func isWordCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Takes one header line; those that are not known, and lines that are no headers, are left alone. [CTL-46] [CTL-47]
    mutating func take(_ line: ByteBuffer) throws(ReplyError) {
        let bytes = Array(line.readableBytesView)
        guard let split = bytes.withUnsafeBytes({ $0.firstSeparator(UInt8(ascii: ":")) }) else { return }
        let name = String(decoding: bytes[..<split], as: UTF8.self).lowercased()
        let value = String(decoding: bytes[(split + 2)...], as: UTF8.self)
        if name == "length" {
            guard length == nil else { throw .malformed("length") }
            length = Int(try number(value, name))
        }
        switch word {
        case .success, .failure: try takeInReply(name, value)
        case .present, .signon, .signoff: try takeInNotice(name, value)
        case nil: break
        }
    }

    private mutating func takeInReply(_ name: String, _ value: String) throws(ReplyError) {
        switch name {
        case "id": reply.id = value
        case "msg": reply.message = value
        case "code":
            reply.code = value.leadingNumber
            reply.codeName = value.split(separator: " ").dropFirst().first.map(String.init)
        case "recipient": reply.unreached.append(value.unwrapped)
        case "unreached": try takeFate(value)
        case "reached": reply.reached = Int(try number(value, name))
        case "closed": reply.closed = Int(try number(value, name))
        case "keys": reply.keys = Int(try number(value, name))
        case "present": reply.present = Int(try number(value, name))
        case "sequence": reply.sequence = try number(value, name)
        case "epoch": reply.epoch = try epoch(value)
        case "more": reply.hasMore = try answer(value, name)
        case "resumed": reply.isResumed = try answer(value, name)
        default: break
        }
    }

    private mutating func takeInNotice(_ name: String, _ value: String) throws(ReplyError) {
        switch name {
        case "watch": watch = value
        case "epoch": reply.epoch = try epoch(value)
        case "sequence": reply.sequence = try number(value, name)
        case "key": key = value.unwrapped
        case "reason" where word == .signoff:
            signoff.reason = .init(rawValue: value)
            hasReason = true
        case "missed" where word == .signoff: signoff.missed.append(value)
        case "unconfirmed" where word == .signoff: signoff.unconfirmed.append(value)
        default: break
        }
    }

    /// `305 unconfirmed (jacob, 0, /chat)` [CTL-154]
    private mutating func takeFate(_ value: String) throws(ReplyError) {
        // By bytes: what a key begins with may be a combining mark.
        let bytes = Array(value.utf8)
        guard let code = value.leadingNumber, let open = bytes.firstRange(of: Array(" (".utf8)),
            let close = bytes.lastIndex(of: UInt8(ascii: ")")), open.upperBound <= close
        else { throw .malformed("unreached") }
        let name = bytes[..<open.lowerBound].split(separator: UInt8(ascii: " ")).dropFirst().first ?? []
        let key = String(decoding: bytes[open.upperBound..<close], as: UTF8.self)
        reply.fates.append(Reply.Fate(code: code, name: String(decoding: name, as: UTF8.self), key: key))
        reply.unreached.append(key)
    }

    private func number(_ value: String, _ name: String) throws(ReplyError) -> UInt64 {
        var text = value
        let number = text.withUTF8 { UnsafeRawBufferPointer($0).decimal(atMost: ControlLimits.length) }
        guard let number else { throw .malformed(name) }
        return UInt64(number)
    }

    /// A client sends it back, and a server would not take another. [CTL-136]
    private func epoch(_ value: String) throws(ReplyError) -> String {
        guard Cursor.isCursor(value.utf8) else { throw .malformed("epoch") }
        return value
    }

    private func answer(_ value: String, _ name: String) throws(ReplyError) -> Bool {
        switch value {
        case "yes": true
        case "no": false
        default: throw .malformed(name)
        }
    }

    /// What the whole says; nil for a notice that is not known.
    func message(body: ByteBuffer?) throws(ReplyError) -> ServerMessage? {
        switch word {
        case .success:
            var reply = reply
            reply.body = body
            return .reply(reply)
        case .failure: return .reply(reply)
        case .present: return try notice(.present)
        case .signon: return try notice(.signon)
        case .signoff:
            guard hasReason else { throw .malformed("notice, which lacks its reason") }
            return try notice(.signoff(signoff))
        case nil: return nil
        }
    }

    private func notice(_ news: Notice.News) throws(ReplyError) -> ServerMessage {
        guard let watch, let epoch = reply.epoch, let sequence = reply.sequence, let key else {
            throw .malformed("notice, which lacks a header")
        }
        do {
            return .notice(
                Notice(sequence: sequence, key: try ConnectionKey(key), news: news), watch: watch, epoch: epoch)
        } catch {
            throw .malformed("key")
        }
    }
}

extension String {
    /// What stands between one pair of parentheses round the whole. By bytes: what a key begins with may be a combining
    /// mark. [CTL-48]
    fileprivate var unwrapped: String {
        guard utf8.count > 1, utf8.first == UInt8(ascii: "("), utf8.last == UInt8(ascii: ")") else { return self }
        return String(decoding: utf8.dropFirst().dropLast(), as: UTF8.self)
    }

    /// The number that the text begins with, if there is one that can be a code. [CTL-49]
    fileprivate var leadingNumber: Int? {
        let digits = utf8.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        return UInt16(String(decoding: digits, as: UTF8.self)).map(Int.init)
    }
}
