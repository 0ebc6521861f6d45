extension Frame {
    /// The frame as it goes over the wire, with its `length` unless it has one among its headers.
    ///
    /// - Parameter needsLength: whether an empty body has a `length`, too.
    func bytes(needsLength: Bool) -> [UInt8] {
        var bytes = Array("Orbit \(version)\r\n\(action)\r\n".utf8)
        for header in headers { bytes += Array("\(header.name): \(header.value)\r\n".utf8) }
        let hasLength = headers.contains { $0.name.lowercased() == "length" }
        if !hasLength, needsLength || !body.isEmpty { bytes += Array("length: \(body.count)\r\n".utf8) }
        return bytes + Array("\r\n".utf8) + body
    }
}
