/// Where the application wants to be told: `http://127.0.0.1:4700/orbited/signon`.
public struct CallbackURL: Sendable, Hashable, CustomStringConvertible {
    /// Scheme, host and port.
    let origin: WebOrigin
    /// Path and query, as the request line has them.
    let target: String

    /// Reads an absolute `http` or `https` URL without user name and fragment; nil if it is none.
    public init?(_ text: String) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !text.contains("#"),
            let origin = WebOrigin(ofPage: text), let mark = text.firstRange(of: "://")
        else { return nil }
        self.origin = origin
        let rest = text[mark.upperBound...].drop { !["/", "?"].contains($0) }
        target = rest.hasPrefix("/") ? String(rest) : "/" + rest
    }

    /// The URL in one spelling.
    public var description: String { "\(origin)\(target)" }
}

extension SettingKind where Value == CallbackURL? {
    /// The URL of an application, or `none`.
    static var callbackURL: SettingKind<CallbackURL?> {
        SettingKind(
            name: "url",
            requirement: "a URL such as http://127.0.0.1:4700/orbited/signon, or none",
            parse: { text in
                if text.lowercased() == "none" { return .some(nil) }
                guard let url = CallbackURL(text) else { return nil }
                return .some(url)
            },
            render: { $0?.description ?? "none" },
            correction: { text in CallbackURL("http://\(text)").flatMap { $0.target == "/" ? nil : $0.description } })
    }
}
