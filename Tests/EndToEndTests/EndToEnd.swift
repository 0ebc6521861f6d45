import Testing

/// The server as a whole, over real sockets. One test after the other: each has threads and times of its own.
@Suite("End to end", .serialized, .timeLimit(.minutes(1)))
enum EndToEnd {}
