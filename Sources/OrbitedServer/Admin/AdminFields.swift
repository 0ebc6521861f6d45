import NIOCore
import OrbitedJSON
import OrbitedWire

/// The members of a request's JSON object.
struct AdminFields {
    private let object: JSONObject

    /// Reads a body.
    init(_ body: ByteBuffer, _ limits: ControlLimits) throws(AdminFault) {
        let value: JSON
        do throws(JSONError) {
            value = try JSON.parse(
                Array(body.readableBytesView), limits: JSONLimits(maximumSize: AdminLimits.body(limits)))
        } catch {
            throw .badValue("the body is not JSON: \(error)")
        }
        guard let object = value.objectValue else { throw .badValue("the body must be a JSON object") }
        self.object = object
    }

    subscript(name: String) -> JSON? { object[name] }

    /// A member that is not known was probably meant for something.
    func refuse(allBut names: [String]) throws(AdminFault) {
        guard let stranger = object.members.first(where: { !names.contains($0.name) }) else { return }
        throw .badValue(
            "there is no member \(stranger.name.prefix(80).quoted); there are \(names.joined(separator: ", "))")
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws(AdminFault) -> Int? {
        guard let value = object[name] else { return nil }
        // JSON has one kind of number: 5.0 is whole, too.
        guard
            let number = value.integerValue.flatMap({ Int(exactly: $0) })
                ?? value.doubleValue.flatMap({ Int(exactly: $0) }),
            range.contains(number)
        else { throw .badValue("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    /// The keys and patterns of `recipients`: a string, or an array of strings.
    func recipients(_ limits: ControlLimits) throws(AdminFault) -> Recipients {
        let texts: [String?]
        switch object["recipients"] {
        case .string(let text)?: texts = [text]
        case .array(let elements)?: texts = elements.map(\.stringValue)
        default: throw .badValue("recipients must be a string, or an array of strings")
        }
        let strings = texts.compactMap(\.self)
        guard strings.count == texts.count else { throw .badValue("each of the recipients must be a string") }
        return try Self.recipients(strings, limits)
    }

    static func recipients(_ texts: [String], _ limits: ControlLimits) throws(AdminFault) -> Recipients {
        guard texts.count <= limits.recipients else {
            throw AdminFault(ControlFault(.tooManyRecipients, limit: limits.recipients))
        }
        var recipients = Recipients()
        for text in texts {
            guard text.utf8.count <= limits.line else {
                throw AdminFault(ControlFault(.lineTooLong, limit: limits.line))
            }
            do throws(ConnectionKeyError) {
                if let pattern = try KeyPattern(text) {
                    recipients.patterns.append(pattern)
                } else {
                    recipients.keys.append(try ConnectionKey(text))
                }
            } catch {
                throw AdminFault(code: .badKey, "\(text.prefix(80).quoted): \(error)")
            }
        }
        return recipients
    }
}

/// The bounds of the admin port that follow from those of the control port.
enum AdminLimits {
    /// How large the body of a request may be: JSON may write a byte with six. [HTC-3]
    static func body(_ limits: ControlLimits) -> Int { min(6 * limits.body + 65_536, Int(Int32.max)) }
}
