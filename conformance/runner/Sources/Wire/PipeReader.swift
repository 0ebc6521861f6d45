import Foundation

/// Reads what a process prints.
///
/// It has a thread of its own: `readabilityHandler` of Foundation misses what is left in the pipe of a process that has
/// ended.
enum PipeReader {
    private static let mostBytes = 65_536

    /// Reads until the end.
    ///
    /// - Parameters:
    ///   - pipe: its reading end is closed at the end.
    ///   - take: gets what has come, on the thread of the reader.
    ///   - end: is called once, after all else.
    static func read(
        _ pipe: Pipe, take: @escaping @Sendable ([UInt8]) -> Void, end: @escaping @Sendable () -> Void
    ) {
        Thread.detachNewThread {
            let descriptor = pipe.fileHandleForReading.fileDescriptor
            var buffer = [UInt8](repeating: 0, count: mostBytes)
            while true {
                let count = Foundation.read(descriptor, &buffer, mostBytes)
                if count > 0 {
                    take(Array(buffer[..<count]))
                } else if count == 0 || errno != EINTR {
                    break
                }
            }
            withExtendedLifetime(pipe) {}
            end()
        }
    }
}
