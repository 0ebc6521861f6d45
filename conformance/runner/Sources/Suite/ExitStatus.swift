/// With what status the suite ends.
package enum ExitStatus: Int32, Sendable {
    /// All that ran has passed, but for the known failures.
    case passed = 0
    /// Something has failed, or passed although it is listed as failing.
    case failed = 1
    /// The command line is wrong, or a file can't be read.
    case usage = 2
    /// The server or the adapter could not be started, or is not reachable.
    case unreachable = 3
    /// The run was broken off by a signal.
    case interrupted = 130

    /// That of an error which ended the run.
    package init(of error: any Error) {
        self = error is UnreachableError ? .unreachable : .usage
    }
}
