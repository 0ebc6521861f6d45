import NIOCore
import Testing

@testable import OrbitedProxy

@Suite("The pool of unused connections")
struct IdlePoolTests {
    private final class Connection {}

    private let one = Application(host: "one", port: 80)
    private let two = Application(host: "two", port: 80)
    private let start = NIODeadline.uptimeNanoseconds(1_000)

    private func pool(capacity: Int = 2) -> IdlePool<Connection> {
        IdlePool(capacity: capacity, idleTimeout: .seconds(10))
    }

    @Test("The connection used last is given out first, once, and only to its application")
    func newestFirst() {
        var pool = pool()
        let (older, newer) = (Connection(), Connection())
        #expect(pool.put(older, to: one, now: start) == nil)
        #expect(pool.put(newer, to: one, now: start + .seconds(1)) == nil)
        #expect(pool.take(to: two, now: start) == nil)
        #expect(pool.take(to: one, now: start) === newer)
        #expect(pool.take(to: one, now: start) === older)
        #expect(pool.take(to: one, now: start) == nil)
    }

    @Test("A full pool gives up the connection that is unused for longest")
    func capacity() {
        var pool = pool()
        let connections = (0..<3).map { _ in Connection() }
        #expect(pool.put(connections[0], to: one, now: start) == nil)
        #expect(pool.put(connections[1], to: one, now: start) == nil)
        #expect(pool.put(connections[2], to: one, now: start) === connections[0])
        #expect(pool.put(connections[0], to: two, now: start) == nil)
    }

    @Test("A pool without room keeps nothing")
    func noCapacity() {
        var pool = pool(capacity: 0)
        let connection = Connection()
        #expect(pool.put(connection, to: one, now: start) === connection)
        #expect(pool.nextDeadline == nil)
    }

    @Test("Connections expire after their time, and aren't given out then")
    func expiry() {
        var pool = pool()
        let (older, newer) = (Connection(), Connection())
        _ = pool.put(older, to: one, now: start)
        _ = pool.put(newer, to: two, now: start + .seconds(5))
        #expect(pool.nextDeadline == start + .seconds(10))
        #expect(pool.take(to: one, now: start + .seconds(10)) == nil)
        #expect(pool.expire(now: start + .seconds(10)).map(ObjectIdentifier.init) == [ObjectIdentifier(older)])
        #expect(pool.nextDeadline == start + .seconds(15))
        #expect(pool.take(to: two, now: start + .seconds(14)) === newer)
    }

    @Test("A connection that closed is forgotten")
    func removal() {
        var pool = pool()
        let connection = Connection()
        _ = pool.put(connection, to: one, now: start)
        pool.remove(connection, to: one)
        #expect(pool.take(to: one, now: start) == nil)
    }

    @Test("All connections are given back at the end")
    func removeAll() {
        var pool = pool()
        _ = pool.put(Connection(), to: one, now: start)
        _ = pool.put(Connection(), to: two, now: start)
        #expect(pool.removeAll().count == 2)
        #expect(pool.removeAll().isEmpty)
    }
}
