import Foundation

/// What happens on SIGINT and SIGTERM: the processes of the suite are ended, and then it ends itself.
package final class Interruption {
    private let sources: [any DispatchSourceSignal]

    /// Watches for the signals as long as this lives.
    package init() {
        let queue = DispatchQueue(label: "interruption")
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                FileHandle.standardError.write(Data("\nInterrupted: ending the processes of the suite.\n".utf8))
                Children.endAll()
                exit(ExitStatus.interrupted.rawValue)
            }
            source.resume()
            return source
        }
        // A peer that has closed is seen where it is written to.
        signal(SIGPIPE, SIG_IGN)
    }
}
