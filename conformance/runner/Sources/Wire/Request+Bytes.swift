extension Request {
    /// The request as it goes over the wire.
    var bytes: [UInt8] {
        var text = "\(method) \(target) HTTP/\(version)\r\n"
        for header in headers { text += "\(header.name): \(header.value)\r\n" }
        return Array((text + "\r\n").utf8) + body
    }

    private func has(_ name: String) -> Bool { headers.contains { $0.name.lowercased() == name } }

    /// Puts `Host` first, unless it is there.
    mutating func addHost(_ host: String) {
        if !has("host") { headers.insert(Frame.Header(name: "Host", value: host), at: 0) }
    }

    /// Adds the length of the body, unless the headers say how it is framed.
    mutating func addLength() {
        guard !has("content-length"), !has("transfer-encoding") else { return }
        headers.append(Frame.Header(name: "Content-Length", value: "\(body.count)"))
    }

    /// Text for a target: all but letters, digits and `-._~` is percent-encoded.
    static func percentEncoded(_ text: String, besides others: String = "") -> String {
        text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = byte < 128 && (Character(scalar).isLetter || Character(scalar).isNumber)
            return isPlain || "-._~\(others)".unicodeScalars.contains(scalar)
                ? String(scalar) : "%" + hexadecimal(byte).uppercased()
        }.joined()
    }
}
