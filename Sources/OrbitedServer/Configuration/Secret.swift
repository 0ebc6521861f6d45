/// A secret that applications must show, and the file that it was read from. It is not to be logged. [CTL-130]
public struct Secret: Sendable, Equatable {
    /// The longest secret in bytes.
    static let longest = 4_096

    /// The file.
    public let path: String
    private let bytes: [UInt8]

    /// Reads a file, of which one line end behind the secret does not count; nil if it can't be read, is empty, or is
    /// longer than 4,096 bytes.
    public init?(path: String) {
        let lineEnd = 2
        guard var bytes = try? BoundedFile.read(path, upTo: Self.longest + lineEnd) else { return nil }
        if bytes.last == UInt8(ascii: "\n") {
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        guard (1...Self.longest).contains(bytes.count) else { return nil }
        self.path = path
        self.bytes = bytes
    }

    /// What callbacks are signed with; nil if the secret begins with `whsec_`, and what follows is not base64.
    var callbackKey: CallbackKey? { CallbackKey(bytes) }

    /// Whether these bytes are the secret. It takes as long for bytes that are nearly right. [CTL-134]
    func isShown(by shown: some Collection<UInt8>) -> Bool {
        var difference: UInt8 = shown.count == bytes.count ? 0 : 1
        for (index, byte) in shown.enumerated() { difference |= byte ^ bytes[index % bytes.count] }
        return difference == 0
    }
}

extension Secret: CustomStringConvertible {
    /// Where it is, not what.
    public var description: String { "the secret in \(path)" }
}

extension SettingKind where Value == Secret? {
    /// A file that holds a secret, or `none`. Not the secret: flags and variables can be seen by others.
    static var secretFile: SettingKind<Secret?> {
        SettingKind(
            name: "file",
            requirement: "the path of a file that can be read and holds 1 to \(Secret.longest) bytes, or none",
            parse: { text in
                if text.lowercased() == "none" { return .some(nil) }
                guard let secret = Secret(path: text) else { return nil }
                return .some(secret)
            },
            render: { $0?.path ?? "none" })
    }
}
