/// How long to wait before the next attempt to connect: exponential, with full jitter, so that many come one by one.
struct Backoff {
    /// The longest first pause.
    private static let base = Duration.seconds(1)
    /// The longest pause of all.
    private static let cap = Duration.seconds(30)
    /// A connection that ends sooner counts as a failure.
    private static let brief = Duration.seconds(5)

    /// From 0 to below 1.
    private let random: () -> Double
    private var failures = 0

    init(random: @escaping () -> Double) { self.random = random }

    /// The pause after an attempt that failed, or a connection that was lost.
    ///
    /// - Parameter lasted: how long the connection was of use.
    mutating func pause(lasted: Duration = .zero) -> Duration {
        if lasted >= Self.brief { failures = 0 }
        let longest = failures < 5 ? min(Self.base * (1 << failures), Self.cap) : Self.cap
        failures += 1
        return longest * random()
    }
}
