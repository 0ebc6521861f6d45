import Foundation
import OrbitedConformance

/// Files that are written.
enum Output {
    static func write(_ data: Data, to file: String) throws {
        do {
            try data.write(to: URL(filePath: file))
        } catch {
            throw UsageError("\(file) can't be written: \(error.localizedDescription)")
        }
    }
}
