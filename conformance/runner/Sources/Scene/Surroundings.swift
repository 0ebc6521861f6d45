/// Where a trial takes place.
package struct Surroundings: Sendable {
    /// The address of the server under test; unused where the suite plays the server.
    package var host: String
    /// Where the server takes applications.
    package var controlPort: Int
    /// Where the server takes browsers.
    package var httpPort: Int
    /// The port of the HTTP control API; nil if the server has none.
    package var adminPort: Int?
    /// By what the patience with the implementation is multiplied.
    package var scale: Double
    /// The process of the server; nil if the suite has not started it.
    package var server: (any ServerControl)?
    /// The adapter of the client under test; nil in cases of servers.
    var adapter: AdapterProcess?
    /// The file with the library for pages; nil if there is none to test.
    package var scriptPath: String?

    /// What is not given is not there.
    package init(
        host: String = "127.0.0.1", controlPort: Int = 0, httpPort: Int = 0, adminPort: Int? = nil,
        scale: Double = 1, server: (any ServerControl)? = nil, scriptPath: String? = nil
    ) {
        self.host = host
        self.controlPort = controlPort
        self.httpPort = httpPort
        self.adminPort = adminPort
        self.scale = scale
        self.server = server
        self.scriptPath = scriptPath
    }
}

/// The process of a server that the suite has started.
package protocol ServerControl: Sendable {
    /// Sends SIGTERM, and does not wait.
    func stop() async throws
    /// Sends SIGKILL, and does not wait.
    func kill() async throws
    /// Starts the server again on the same ports, and waits until it takes connections.
    func start() async throws
    /// The status with which the process has ended, or 128 and the number of the signal that ended it; nil if it has
    /// not ended in time.
    func exitStatus(within time: Duration) async -> Int?
}
