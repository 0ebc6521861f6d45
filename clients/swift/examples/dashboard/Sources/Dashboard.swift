import NIOCore
import OrbitedClient

/// Watches who comes and goes, and tells all pages of `/dashboard` once a second.
@main
struct Dashboard {
    private let orbit = OrbitedClient(host: "127.0.0.1")
    private let board = Board()

    static func main() async throws {
        let server = try await PageServer.start(port: 8080)
        print("The page is at http://127.0.0.1:8000/ if Orbited passes it on from port \(server.port).")
        let dashboard = Dashboard()
        async let watching: Void = dashboard.watch()
        try await dashboard.push()
        try await watching
    }

    private func watch() async throws {
        for try await notice in try orbit.watch("*, *, *", state: true) { await board.take(notice) }
    }

    /// Sends the figures once a second.
    private func push() async throws {
        var next = ContinuousClock.now
        while true {
            await tell(await board.figures())
            next += .seconds(1)
            try await Task.sleep(until: next, clock: .continuous)
        }
    }

    /// A server that is away for a while is no reason to stop.
    private func tell(_ figures: Figures) async {
        do throws(OrbitedError) {
            let receipt = try await orbit.event(
                to: "*, *, /dashboard", json: figures, ttl: 1, timeout: .seconds(2))
            await board.delivered(receipt.reached)
        } catch {
            print("not told: \(error)")
        }
    }
}
