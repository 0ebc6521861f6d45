import OrbitedCore
import OrbitedTransports

/// A kind of value: how it is read, checked and written.
struct SettingKind<Value: Sendable>: Sendable {
    /// The kind in a word.
    let name: String

    /// The unit of a number.
    var unit: String?

    /// Which values are taken, as what follows "must be".
    let requirement: String

    /// The value that a text stands for; nil if there is none.
    let parse: @Sendable (String) -> Value?

    /// The text that stands for a value: reading it gives the same value again.
    let render: @Sendable (Value) -> String

    /// What to know about a text that is taken but should be written otherwise.
    var advice: @Sendable (String) -> String? = { _ in nil }

    /// What was probably meant by a text that is not taken.
    var correction: @Sendable (String) -> String? = { _ in nil }
}

extension SettingKind where Value == Bool {
    /// Yes or no.
    static var toggle: SettingKind<Bool> {
        SettingKind(
            name: "0|1", requirement: "0 or 1 (or no, yes, false, true, off, on)",
            parse: { text in
                switch text.lowercased() {
                case "1", "yes", "true", "on": true
                case "0", "no", "false", "off": false
                default: nil
                }
            },
            render: { $0 ? "1" : "0" })
    }
}

extension SettingKind where Value == OverflowPolicy {
    /// What becomes of events that find no room, by its name.
    static var overflowPolicy: SettingKind<OverflowPolicy> {
        let words = SettingKind<String>.choice("policy", of: OverflowPolicy.allCases.map(\.rawValue))
        return SettingKind(
            name: words.name, requirement: words.requirement,
            parse: { words.parse($0).flatMap { OverflowPolicy(rawValue: $0) } }, render: { $0.rawValue })
    }
}

extension SettingKind where Value == String {
    /// One of some words, in any case.
    static func choice(_ name: String, of words: [String]) -> SettingKind<String> {
        SettingKind(
            name: name, requirement: "one of " + words.joined(separator: ", "),
            parse: { text in words.contains(text.lowercased()) ? text.lowercased() : nil },
            render: { $0 })
    }

    /// A level of the log.
    static var logLevel: SettingKind<String> {
        choice("level", of: ["trace", "debug", "info", "notice", "warning", "error", "critical"])
    }

    /// A transport by its name. The default of 2007's files, `stream`, is taken for `sse`.
    static var transport: SettingKind<String> {
        let names = choice("transport", of: TransportList().names)
        let formerDefault = "stream"
        return SettingKind(
            name: names.name, requirement: names.requirement,
            parse: { $0.lowercased() == formerDefault ? "sse" : names.parse($0) },
            render: names.render,
            advice: { text in
                guard text.lowercased() == formerDefault else { return nil }
                return "the transport \"\(formerDefault)\" of 2007 is no safe default: \"sse\" is used instead"
            })
    }

    /// The name of a session, as a connection key can hold it.
    static var sessionName: SettingKind<String> {
        SettingKind(
            name: "name", requirement: "a session's name: not empty, without \", \" and without control characters",
            parse: { $0.isEmpty || $0.contains(", ") || $0.hasControlCharacter ? nil : $0 },
            render: { $0 })
    }

    /// An address to listen on.
    static var host: SettingKind<String> {
        SettingKind(
            name: "host",
            requirement: "an IP address or a host name, without a port (0.0.0.0 or :: means every address)",
            parse: { ListenHost($0)?.text },
            render: { $0 })
    }
}
