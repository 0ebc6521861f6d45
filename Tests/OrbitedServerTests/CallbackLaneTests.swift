import NIOCore
import OrbitedCore
import OrbitedWire
import Testing

@testable import OrbitedServer

@Suite("A lane of callbacks")
struct CallbackLaneTests {
    private let start = NIODeadline.now()

    private func signon(_ number: UInt64) throws -> Callback {
        .notice(Notice(sequence: number, key: try ConnectionKey("u, 0, /c"), news: .signon))
    }

    private func signoff(_ number: UInt64) throws -> Callback {
        let end = Notice.Signoff(reason: .expired)
        return .notice(Notice(sequence: number, key: try ConnectionKey("u, 0, /c"), news: .signoff(end)))
    }

    /// The batch that the lane wants posted now.
    private func posted(_ lane: inout CallbackLane, at now: NIODeadline) throws -> CallbackLane.Batch {
        guard case .post(let batch) = lane.next(now: now) else {
            throw CallbackConnection.Failure(description: "nothing is to be posted")
        }
        return batch
    }

    @Test("callbacks of one kind share a request, and the next kind comes after its answer [CBK-4]")
    func kinds() throws {
        var lane = CallbackLane(patience: .seconds(60))
        for callback in [try signon(1), try signon(2), try signoff(3), try signon(4)] { lane.add(callback) }
        var told: [[Callback]] = []
        while !lane.isEmpty {
            told.append(try posted(&lane, at: start).callbacks)
            #expect(lane.next(now: start) == .none)
            #expect(lane.answered(isTaken: true, now: start, random: 0) == told.last)
        }
        #expect(told == [[try signon(1), try signon(2)], [try signoff(3)], [try signon(4)]])
    }

    @Test("a request holds 100 callbacks at most [CBK-2]")
    func most() throws {
        var lane = CallbackLane(patience: .seconds(60))
        for number in 1...150 { lane.add(try signon(UInt64(number))) }
        #expect(try posted(&lane, at: start).callbacks.count == 100)
        _ = lane.answered(isTaken: true, now: start, random: 0)
        #expect(try posted(&lane, at: start).callbacks.count == 50)
    }

    @Test("a request that was not taken is posted again, with its number, after pauses that grow [CBK-5]")
    func again() throws {
        var lane = CallbackLane(patience: .seconds(1_000))
        lane.add(try signon(1))
        let batch = try posted(&lane, at: start)
        var now = start
        var pauses: [Int64] = []
        for _ in 0..<8 {
            _ = lane.answered(isTaken: false, now: now, random: 0.5)
            guard case .wait(let until) = lane.next(now: now) else {
                Issue.record("there is no pause")
                return
            }
            pauses.append((until - now).nanoseconds / 1_000_000)
            now = until
            #expect(try posted(&lane, at: now) == batch)
        }
        #expect(pauses == [750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500, 22_500])
    }

    @Test("a request is given up when its time is over, and the next one tells how many were lost [CBK-5] [CBK-8]")
    func givenUp() throws {
        var lane = CallbackLane(patience: .seconds(10))
        lane.drop(3)
        lane.add(try signon(1))
        lane.add(try signoff(2))
        let batch = try posted(&lane, at: start)
        #expect(batch.dropped == 3)
        _ = lane.answered(isTaken: false, now: start + .seconds(9), random: 1)
        #expect(lane.next(now: start + .seconds(9)) == .wait(until: start + .seconds(10)))
        #expect(lane.next(now: start + .seconds(10)) == .giveUp(batch))
        let next = try posted(&lane, at: start + .seconds(10))
        #expect(next.callbacks == [try signoff(2)] && next.dropped == 4 && next.number != batch.number)
    }

    @Test("a server that stops does not wait for the end of a pause")
    func hurry() throws {
        var lane = CallbackLane(patience: .seconds(60))
        lane.add(try signon(1))
        let batch = try posted(&lane, at: start)
        _ = lane.answered(isTaken: false, now: start, random: 0)
        lane.hurry(now: start)
        #expect(try posted(&lane, at: start) == batch)
    }
}

@Suite("What callbacks are made of")
struct CallbackPartsTests {
    @Test("a signature is that of Standard Webhooks [CBK-6]")
    func signature() throws {
        // The example of the specification of Standard Webhooks.
        let key = try #require(CallbackKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".utf8))
        let body = #"{"test": 2432232314}"#
        #expect(
            key.signature(id: "msg_p5jXN8AQM9LWM0D4loKWxJek", time: 1_614_265_330, body: Array(body.utf8))
                == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        #expect(CallbackKey("whsec_%%%".utf8) == nil)
    }

    @Test(
        "a URL is an absolute one of HTTP",
        arguments: [
            ("http://127.0.0.1:4700/orbited/signon", "http://127.0.0.1:4700/orbited/signon"),
            ("HTTPS://example.org", "https://example.org/"), ("http://[::1]:80/a?b=c", "http://[::1]/a?b=c"),
            ("https://example.org:443?x", "https://example.org/?x"),
        ])
    func url(text: String, spelling: String) throws {
        #expect(CallbackURL(text)?.description == spelling)
    }

    @Test(
        "anything else is no URL",
        arguments: [
            "", "/signon", "ftp://a/b", "http://", "http://a:0/", "http://a:99999/", "http://a b/", "http://u@a/",
            "http://a/#b", "http://ü/", "http:///a",
        ])
    func noURL(text: String) {
        #expect(CallbackURL(text) == nil)
    }

    @Test("a signoff and a failure are told with all that is known [CBK-3]")
    func json() throws {
        let key = try ConnectionKey("jacob, 0, /chat")
        let end = Notice.Signoff(reason: .expired, missed: ["7"])
        let signoff = Callback.notice(Notice(sequence: 57, key: key, news: .signoff(end)))
        let parts = #""key":"jacob, 0, /chat","user":"jacob","session":"0","location":"/chat""#
        #expect(
            String(decoding: signoff.json(epoch: "9f").compactBytes, as: UTF8.self)
                == #"{"type":"signoff",\#(parts),"epoch":"9f","sequence":57,"reason":"expired","#
                + #""missed":["7"],"unconfirmed":[]}"#)
        let failure = Callback.failure(EventFailure(event: "7", key: key, reason: .unreachable))
        #expect(
            String(decoding: failure.json(epoch: "9f").compactBytes, as: UTF8.self)
                == #"{"type":"failure",\#(parts),"event":"7","code":301,"name":"unreachable"}"#)
    }
}
