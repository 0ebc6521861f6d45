import Foundation

/// The vectors that a live server can show, as cases.
struct VectorFolder {
    /// The folder `conformance/vectors`.
    let folder: URL
    let registry: Registry
    let specification: Requirements

    /// The cases of all of them.
    ///
    /// - Throws: ``UsageError`` if a file can't be read, or a vector has something that no case can be made of.
    func cases() throws -> [Case] {
        let control = try vectors(in: "control").flatMap { try ControlVectorCase.make($0, version: "1.0") }
        let later = try vectors(in: "control-1.1").flatMap { try ControlVectorCase.make($0, version: "1.1") }
        let urls = try vectors(in: "urls").map { try URLVectorCase($0).make() }
        return try control + later + urls + BodyVectorCases(vectors(in: "bodies"), transports: registry).made()
    }

    private func vectors(in name: String) throws -> [Vector] {
        try FileList.json(in: folder.appending(path: name)).flatMap { url in
            let file = "vectors/\(name)/\(url.lastPathComponent)"
            guard let items = try FileList.read(url).array else { throw UsageError("\(url.path): it is not an array") }
            return items.map { Vector(value: $0, file: file, registry: registry, specification: specification) }
        }
    }
}
