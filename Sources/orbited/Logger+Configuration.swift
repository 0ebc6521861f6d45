import Logging
import OrbitedServer

extension Logger {
    /// The server's logger, to standard error.
    init(_ log: Configuration.Log) {
        self.init(label: "orbited") { label in
            if log.enabled { StreamLogHandler.standardError(label: label) } else { SwiftLogNoOpLogHandler() }
        }
        logLevel = Logger.Level(rawValue: log.level) ?? .info
    }

    /// A logger that says nothing: the server logs its own life.
    init(quiet label: String) {
        self.init(label: label) { _ in SwiftLogNoOpLogHandler() }
    }
}
