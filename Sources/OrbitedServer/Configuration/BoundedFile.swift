#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads a file that may not be larger than a bound, whatever kind of file it is: a pipe or a device has no size.
struct BoundedFile {
    /// Why a file can't be read.
    enum Failure: Error, Equatable {
        /// There is none of this name.
        case missing
        /// It is a folder.
        case folder
        /// It is larger than the bound.
        case tooLarge
        /// The system's words.
        case system(String)
    }

    private static let pieceSize = 65536

    /// The bytes of the file at `path`.
    static func read(_ path: String, upTo most: Int) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: pieceSize)
        while bytes.count <= most {
            #if canImport(Darwin)
                let count = Darwin.read(descriptor, &piece, pieceSize)
            #elseif canImport(Musl)
                let count = Musl.read(descriptor, &piece, pieceSize)
            #else
                let count = Glibc.read(descriptor, &piece, pieceSize)
            #endif
            if count == 0 { return bytes }
            if count > 0 {
                bytes += piece.prefix(count)
            } else if errno != EINTR {
                throw failure(errno)
            }
        }
        throw .tooLarge
    }

    private static func failure(_ code: Int32) -> Failure {
        switch code {
        case ENOENT: .missing
        case EISDIR: .folder
        default: .system(String(cString: strerror(code)))
        }
    }
}
