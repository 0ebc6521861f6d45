import Foundation

/// The suite's files: its cases, the vectors, and the specification.
package struct SuiteFolder: Sendable {
    /// The folder `conformance/cases`.
    package let cases: URL
    /// The folder `protocol`.
    package let specification: URL
    package let registry: Registry
    package let requirements: Requirements
    package let features: Features

    /// Finds the folders and reads registry, specification and features.
    ///
    /// - Parameters:
    ///   - cases: the folder of the cases, if it was named.
    ///   - specification: the folder of the specification, if it was named.
    ///   - environment: in which `ORBITED_CONFORMANCE` may name the folder `conformance`.
    /// - Throws: ``UsageError`` that says where it was looked for.
    package init(
        cases: String? = nil, specification: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        self.cases = try Self.findCases(cases, environment)
        let conformance = self.cases.deletingLastPathComponent()
        self.specification =
            specification.map { URL(filePath: $0, directoryHint: .isDirectory) }
            ?? conformance.deletingLastPathComponent().appending(path: "protocol", directoryHint: .isDirectory)
        let file = self.specification.appending(path: "registry.json")
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw UsageError("there is no \(file.path); say with --protocol where the specification is")
        }
        registry = try Registry(FileList.read(file))
        features = try Features(FileList.read(conformance.appending(path: "features.json")))
        requirements = try Self.readSpecification(self.specification)
    }

    private static func findCases(_ named: String?, _ environment: [String: String]) throws -> URL {
        if let named {
            let folder = URL(filePath: named, directoryHint: .isDirectory)
            guard isFolder(folder) else { throw UsageError("--cases: there is no folder \(folder.path)") }
            return folder.standardizedFileURL
        }
        if let named = environment["ORBITED_CONFORMANCE"], !named.isEmpty {
            let folder = URL(filePath: named, directoryHint: .isDirectory).appending(path: "cases")
            guard isFolder(folder) else {
                throw UsageError("ORBITED_CONFORMANCE is \(named), and there is no folder \(folder.path)")
            }
            return folder.standardizedFileURL
        }
        let folder = URL(filePath: "conformance/cases", directoryHint: .isDirectory)
        guard isFolder(folder) else {
            throw UsageError(
                "there is no folder \(folder.path); run this in the folder of the project, or say with --cases or "
                    + "ORBITED_CONFORMANCE where the suite is")
        }
        return folder.standardizedFileURL
    }

    private static func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private static func readSpecification(_ folder: URL) throws -> Requirements {
        var requirements = Requirements()
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        let pages = (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "md" }
        for page in pages.sorted(by: { $0.path < $1.path }) {
            let base = folder.standardizedFileURL.path
            let name = page.standardizedFileURL.path.dropFirst(base.count).drop { $0 == "/" }
            requirements.read(try FileList.text(page), page: String(name))
        }
        return requirements
    }

    /// The cases of these kinds, those of the vectors among the ones for servers.
    ///
    /// - Parameter ids: if all that is wanted are cases of these ids, files without them are not read. Default: all.
    /// - Throws: ``UsageError`` if a file can't be read, an id is there twice, or a case needs what is not known.
    package func load(_ kinds: [Case.Kind], ids: [String] = []) throws -> [Case] {
        // An id with a wildcard may be anywhere.
        let plain = ids.contains { $0.contains("*") || $0.contains("?") } ? [] : ids
        var all: [Case] = []
        for kind in kinds {
            for url in try FileList.json(in: cases.appending(path: kind.rawValue)) {
                let file = "cases/\(kind.rawValue)/\(url.lastPathComponent)"
                if !plain.isEmpty {
                    let text = try FileList.text(url)
                    // What tells the runs of a case from each other stands behind its id, in brackets.
                    guard plain.contains(where: { text.contains($0.prefix { $0 != "[" }) }) else { continue }
                }
                guard let items = try FileList.read(url).array else {
                    throw UsageError("\(url.path): it is not an array of cases")
                }
                all += try items.map { try Case($0, kind: kind, file: file) }
            }
            if kind == .server, plain.isEmpty || plain.contains(where: { $0.hasPrefix("vectors/") }) {
                let vectors = cases.deletingLastPathComponent().appending(path: "vectors")
                all += try VectorFolder(folder: vectors, registry: registry, specification: requirements).cases()
            }
        }
        try check(all)
        return all
    }

    private func check(_ cases: [Case]) throws {
        var ids: Set<String> = []
        for one in cases {
            guard ids.insert(one.id).inserted else { throw UsageError("\(one.file): the id \(one.id) is there twice") }
            for feature in Set(one.trials.flatMap(\.features)) where features.known[feature] == nil {
                throw UsageError("\(one.file): \(one.id): conformance/features.json has no feature \(feature)")
            }
            for name in one.settings.keys {
                do {
                    _ = try registry.variable(of: name)
                } catch {
                    throw UsageError("\(one.file): \(one.id): \(error)")
                }
            }
        }
    }
}
