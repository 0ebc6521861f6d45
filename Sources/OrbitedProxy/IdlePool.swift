import DequeModule
import NIOCore

/// The connections that nobody uses at the moment, of each application from the oldest to the newest.
///
/// It only keeps account of them: whoever gets one back closes it.
struct IdlePool<Connection: AnyObject> {
    private struct Entry {
        let connection: Connection
        let deadline: NIODeadline
    }

    private var entries: [Application: Deque<Entry>] = [:]
    private let capacity: Int
    private let idleTimeout: TimeAmount

    /// - Parameters:
    ///   - capacity: How many connections to one application are kept.
    ///   - idleTimeout: How long each is kept.
    init(capacity: Int, idleTimeout: TimeAmount) {
        self.capacity = capacity
        self.idleTimeout = idleTimeout
    }

    /// When the next connection expires; nil if there is none.
    var nextDeadline: NIODeadline? {
        entries.values.compactMap(\.first?.deadline).min()
    }

    /// Takes a connection in. Returns the one that has to go for it, which is the same if none are kept at all.
    mutating func put(_ connection: Connection, to application: Application, now: NIODeadline) -> Connection? {
        guard capacity > 0 else { return connection }
        var waiting = entries[application] ?? []
        waiting.append(Entry(connection: connection, deadline: now + idleTimeout))
        let displaced = waiting.count > capacity ? waiting.popFirst()?.connection : nil
        entries[application] = waiting
        return displaced
    }

    /// Gives out the connection that was used last: it is the likeliest to be open still.
    mutating func take(to application: Application, now: NIODeadline) -> Connection? {
        guard let newest = entries[application]?.last, newest.deadline > now else { return nil }
        entries[application]?.removeLast()
        return newest.connection
    }

    /// Forgets a connection, for it closed.
    mutating func remove(_ connection: Connection, to application: Application) {
        entries[application]?.removeAll { $0.connection === connection }
    }

    /// Gives back the connections whose time is over.
    mutating func expire(now: NIODeadline) -> [Connection] {
        var expired: [Connection] = []
        for application in entries.keys {
            while let oldest = entries[application]?.first, oldest.deadline <= now {
                expired.append(oldest.connection)
                entries[application]?.removeFirst()
            }
        }
        return expired
    }

    /// Gives back all connections.
    mutating func removeAll() -> [Connection] {
        defer { entries.removeAll() }
        return entries.values.flatMap { $0.map(\.connection) }
    }
}
