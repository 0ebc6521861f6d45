/// What a program wants of the connection as such: that there is one, or that there is none any more.
struct Wishes {
    private let connecting = WaitingRoom()
    private let disconnecting = WaitingRoom()
    /// Why there is no connection; nil: there is one, or no attempt has failed.
    private(set) var lastFailure: OrbitedError?

    /// Whether somebody waits for a connection.
    var toConnect: Bool { !connecting.waits.isEmpty }

    /// Whether somebody waits for the end: nothing new is taken.
    var toDisconnect: Bool { !disconnecting.waits.isEmpty }

    func connect(_ wait: Wait) { connecting.enter(wait) }

    func disconnect(_ wait: Wait) { disconnecting.enter(wait) }

    /// Whether this is somebody who waits for the end.
    func isToDisconnect(_ wait: Wait) -> Bool { disconnecting.waits.contains { $0 === wait } }

    /// Whether it has failed, since nothing new is taken.
    func refuse(_ wait: Wait, _ waits: inout Waits) -> Bool {
        guard toDisconnect else { return false }
        waits.fail(wait, .disconnected(wait))
        return true
    }

    /// There is a connection.
    mutating func connected(_ waits: inout Waits) {
        lastFailure = nil
        for wait in connecting.waits { waits.succeed(wait, .done) }
    }

    /// An attempt has failed.
    mutating func attemptFailed(_ error: OrbitedError, _ waits: inout Waits) {
        lastFailure = error
        failConnecting({ _ in error }, &waits)
    }

    func failConnecting(_ errorOf: ErrorOf, _ waits: inout Waits) {
        for wait in connecting.waits { waits.fail(wait, errorOf(wait)) }
    }

    /// There is no connection any more, and nothing under way.
    func disconnected(_ waits: inout Waits) {
        for wait in disconnecting.waits { waits.succeed(wait, .done) }
    }
}

/// Those who wait for the same thing.
private final class WaitingRoom: WaitHome {
    private(set) var waits: [Wait] = []

    func enter(_ wait: Wait) {
        wait.home = self
        waits.append(wait)
    }

    func left(_ wait: Wait) { waits.removeAll { $0 === wait } }
}

extension OrbitedError {
    /// How something ends because of `disconnect`.
    static func disconnected(_ wait: Wait) -> OrbitedError {
        OrbitedError(.disconnected, "the client was disconnected", maybeDelivered: wait.maybeDelivered)
    }
}
