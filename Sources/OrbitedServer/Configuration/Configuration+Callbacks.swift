extension Configuration {
    /// What the application is told by HTTP requests of the server's own. [CBK-1]
    public struct Callbacks: Sendable, Equatable {
        /// Where sign-ons are told. Default: nowhere.
        public var signon: CallbackURL?

        /// Where sign-offs are told. Default: nowhere.
        public var signoff: CallbackURL?

        /// Where it is told which recipients events did not reach. Default: nowhere.
        public var failure: CallbackURL?

        /// What the requests are signed with. Default: none, so that they are not signed.
        public var secret: Secret?

        /// How many requests are under way at once; each session keeps to one of them. Default: 4 connections.
        public var connections = 4

        /// How long the application may take to answer. Default: 10 seconds.
        public var timeout: Duration = .seconds(10)

        /// How long a request is tried again before it is dropped. Default: 300 seconds.
        public var patience: Duration = .seconds(300)

        /// How many callbacks may wait; one more is dropped. Default: 10,000 callbacks.
        public var maxWaiting = 10_000

        /// How large the callbacks that wait may be together; beyond, they are dropped. Default: 16 MiB.
        public var maxWaitingBytes = 16_777_216

        /// Where callbacks of a kind go; nil if they are not wanted.
        func url(of kind: Callback.Kind) -> CallbackURL? {
            switch kind {
            case .signon: signon
            case .signoff: signoff
            case .failure: failure
            }
        }

        /// What the requests are signed with.
        var key: CallbackKey? { secret?.callbackKey }
    }
}
