extension SettingKind where Value == OriginRule {
    /// Origins with commas or spaces between them, `*`, or `none`.
    static var origins: SettingKind<OriginRule> {
        SettingKind(
            name: "origins",
            requirement: "origins such as https://example.org or http://localhost:8080, with commas between them, "
                + "or * for any, or none",
            parse: OriginsText.rule, render: OriginsText.text, correction: OriginsText.correction)
    }
}

/// A list of origins as a person writes it.
private enum OriginsText {
    private static let (any, none) = ("*", "none")

    static func rule(_ text: String) -> OriginRule? {
        switch text.lowercased() {
        case any: return .any
        case none: return .listed([])
        default: break
        }
        let origins = words(text).map { WebOrigin($0) }
        let good = origins.compactMap(\.self)
        guard !good.isEmpty, good.count == origins.count else { return nil }
        return .listed(good)
    }

    static func text(_ rule: OriginRule) -> String {
        switch rule {
        case .any: any
        case .listed(let origins): origins.isEmpty ? none : joined(origins)
        }
    }

    /// The same list with each origin mended, if each can be: a page's address is cut to its origin, and a name alone
    /// gets the safer scheme, unless it is this machine's. Beside others `*` is left out, which is the safer of the two meanings.
    static func correction(_ text: String) -> String? {
        let wanted = words(text).filter { $0 != any }
        let mended = wanted.compactMap { WebOrigin(ofPage: $0) ?? withScheme($0.lowercased()) }
        return mended.isEmpty || mended.count != wanted.count ? nil : joined(mended)
    }

    /// The same with a scheme that pages have, in place of one that they don't, or that is written wrongly. What does
    /// not look like a host's name was probably meant otherwise.
    private static func withScheme(_ word: String) -> WebOrigin? {
        let slash = word.firstRange(of: ":/")
        let rest = slash.map { word[$0.upperBound...].drop { $0 == "/" } } ?? word[...]
        let isPlain = ["http:", "ws:", "localhost", "127."].contains { word.hasPrefix($0) }
        guard rest.contains(".") || rest.hasPrefix("localhost") else { return nil }
        return WebOrigin(ofPage: "\(isPlain ? "http" : "https")://\(rest)")
    }

    private static func words(_ text: String) -> [Substring] {
        text.split { $0 == "," || $0 == " " || $0 == "\t" }
    }

    private static func joined(_ origins: [WebOrigin]) -> String {
        origins.map(\.description).joined(separator: ", ")
    }
}
