import Foundation
import OrbitedClient
import Synchronization

/// What is told to the suite: one line each, in one piece.
final class Answers: Sendable {
    private let output = Mutex(FileHandle.standardOutput)

    func returns(_ call: Int, _ value: [String: Any] = [:]) { say(call, "returns", value) }

    func fails(_ call: Int, _ error: any Error) { say(call, "throws", Self.members(error)) }

    func ended(_ call: Int, _ error: any Error) { say(call, "ended", Self.members(error)) }

    func notice(_ call: Int, _ notice: WatchNotice) {
        var members: [String: Any] = [:]
        if let key = notice.key {
            members = ["key": "\(key)", "epoch": notice.place.epoch, "sequence": notice.place.sequence]
        }
        switch notice {
        case .present: members["word"] = "present"
        case .signon: members["word"] = "signon"
        case .gap: members["word"] = "gap"
        case .signoff(_, let end, _):
            members["word"] = "signoff"
            members["reason"] = end.reason.rawValue
            members["missed"] = end.missed
            members["unconfirmed"] = end.unconfirmed
        }
        say(call, "notice", members)
    }

    private func say(_ call: Int, _ word: String, _ value: [String: Any]) {
        do {
            let line = try JSONSerialization.data(withJSONObject: ["call": call, word: value], options: .sortedKeys)
            try output.withLock { try $0.write(contentsOf: line + Data("\n".utf8)) }
        } catch {
            // The suite is gone.
            exit(1)
        }
    }

    private static func members(_ error: any Error) -> [String: Any] {
        let known = error as? OrbitedError
        let name = known?.kind.name ?? (error is Unsupported || error is DecodingError ? "Unsupported" : "Error")
        return [
            "name": name, "message": known?.message ?? "\(error)", "code": known?.code ?? NSNull(),
            "retriable": known?.retriable ?? false, "maybeDelivered": known?.maybeDelivered ?? false,
        ]
    }
}

extension OrbitedError.Kind {
    /// Its name in the libraries whose errors are classes.
    fileprivate var name: String {
        switch self {
        case .timedOut: "Timeout"
        case .cancelled: "Aborted"
        case .refused: "RefusedError"
        case .protocolViolated: "ProtocolError"
        case .connectFailed, .connectionLost, .queueFull, .dropped, .disconnected, .noticesOverflow,
            .unsupportedVersion, .invalidRecipient, .invalidBody, .invalidValue, .limitExceeded:
            rawValue.prefix(1).uppercased() + rawValue.dropFirst()
        }
    }
}

extension Receipt {
    var members: [String: Any] {
        let unreached = unreached.map { one -> [String: Any] in
            ["key": "\(one.key)", "code": one.code ?? NSNull(), "name": one.name ?? NSNull()]
        }
        return ["id": id, "reached": reached, "unreached": unreached]
    }
}
