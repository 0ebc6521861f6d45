#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An address to listen on: an IP address, or a name that the system will look up.
struct ListenHost: Equatable {
    /// The address or name, without the brackets that an IPv6 address may be written in.
    let text: String

    /// Who can reach it, as far as the text tells.
    private let reach: Reach

    private enum Reach {
        case everyAddress, thisMachine, someAddress
    }

    /// Nil if `text` can be neither an address nor a name.
    init?(_ text: String) {
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        self.text = bare
        if let bytes = ListenHost.address(bare, family: AF_INET, size: 4) {
            reach = bytes == [0, 0, 0, 0] ? .everyAddress : bytes[0] == 127 ? .thisMachine : .someAddress
        } else if let bytes = ListenHost.address(bare, family: AF_INET6, size: 16) {
            let head = bytes.prefix(15).allSatisfy { $0 == 0 }
            let mapped = Array(bytes.prefix(12)) == ListenHost.mappedPrefix
            if head && bytes[15] <= 1 {
                reach = bytes[15] == 0 ? .everyAddress : .thisMachine
            } else {
                reach = mapped && bytes[12] == 127 ? .thisMachine : .someAddress
            }
        } else if bare == text, ListenHost.isName(bare) {
            reach = bare.lowercased() == "localhost" ? .thisMachine : .someAddress
        } else {
            return nil
        }
    }

    /// Whether only this machine can reach it. Of names only `localhost` counts: others say nothing about where
    /// they lead.
    var isLoopback: Bool { reach == .thisMachine }

    /// Whether two listeners with one port would be in each other's way.
    func overlaps(_ other: ListenHost) -> Bool {
        if reach == .everyAddress || other.reach == .everyAddress { return true }
        let texts = [text.lowercased(), other.text.lowercased()]
        return texts[0] == texts[1] || (isLoopback && other.isLoopback && texts.contains("localhost"))
    }

    /// ::ffff:0:0/96, where IPv6 holds the addresses of IPv4.
    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    private static func address(_ text: String, family: Int32, size: Int) -> [UInt8]? {
        // The system's reader stops at a NUL, where a Swift string goes on.
        guard !text.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }

    /// Whether a host is an IP address, and so no name.
    static func isAddress(_ text: String) -> Bool {
        address(text, family: AF_INET, size: 4) != nil || address(text, family: AF_INET6, size: 16) != nil
    }

    /// Whether `text` looks like a host name: labels of letters, digits, "-" and "_", the last not a number, since
    /// what looks like half an IPv4 address is a slip.
    private static func isName(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let last = labels.last, DecimalText.whole(last) == nil else { return false }
        return text.utf8.count <= 253 && labels.allSatisfy { (1...63).contains($0.utf8.count) }
            && text.utf8.allSatisfy(isNameByte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
