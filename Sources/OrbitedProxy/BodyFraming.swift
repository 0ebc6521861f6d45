import NIOHTTP1

/// How a message says where its body ends (RFC 9112 section 6).
enum BodyFraming: Equatable {
    case unstated
    case length(String)
    case chunked

    /// Why the framing of a message is refused rather than guessed: what two readers understand differently,
    /// lets one message hide in another.
    enum Fault: Error, Equatable {
        case unknownCoding
        case lengthAndCoding
        case unusableLength

        var reason: String {
            switch self {
            case .unknownCoding: "its transfer coding isn't chunked"
            case .lengthAndCoding: "it has both a Content-Length and a Transfer-Encoding"
            case .unusableLength: "its Content-Length isn't one number"
            }
        }
    }

    /// Reads the framing of a message's headers.
    init(of headers: HTTPHeaders) throws(Fault) {
        let lengths = headers["Content-Length"]
        if headers.contains(name: "Transfer-Encoding") {
            guard headers.tokens("Transfer-Encoding") == ["chunked"] else { throw .unknownCoding }
            guard lengths.isEmpty else { throw .lengthAndCoding }
            self = .chunked
        } else if let length = lengths.first {
            guard !length.isEmpty, length.utf8.allSatisfy(\.isDigit), Int(length) != nil,
                lengths.allSatisfy({ $0 == length })
            else { throw .unusableLength }
            self = .length(length)
        } else {
            self = .unstated
        }
    }
}
