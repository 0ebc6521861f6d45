import NIOHTTP1

extension HTTPHeaders {
    /// The value of a cookie, if the request carries it. RFC 6265 §4.2
    func cookie(_ name: String) -> String? {
        for pair in self["Cookie"].flatMap({ $0.parts(separatedBy: ";") }) {
            let halves = pair.parts(separatedBy: "=", atMost: 2)
            guard halves.count == 2, halves[0].trimmed == name else { continue }
            let value = halves[1].trimmed
            let isQuoted = value.count > 1 && value.hasPrefix("\"") && value.hasSuffix("\"")
            let text = isQuoted ? value.dropFirst().dropLast() : value[...]
            return text.isEmpty ? nil : text.percentDecoded()
        }
        return nil
    }
}
