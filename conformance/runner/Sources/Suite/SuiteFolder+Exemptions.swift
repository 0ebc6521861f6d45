import Foundation

extension SuiteFolder {
    /// Why requirements have no cases, by their ids: `conformance/exemptions.json`; none if there is no such file.
    ///
    /// - Throws: ``UsageError`` if it is not an object of texts, or names a requirement that is not there.
    package func exemptions() throws -> [String: String] {
        let file = cases.deletingLastPathComponent().appending(path: "exemptions.json")
        guard FileManager.default.fileExists(atPath: file.path) else { return [:] }
        guard let members = try FileList.read(file).object else {
            throw UsageError("\(file.path): it is not an object")
        }
        return try members.reduce(into: [:]) { result, member in
            guard let reason = member.value.string, !reason.isEmpty else {
                throw UsageError("\(file.path): \(member.key) has no reason")
            }
            guard requirements[member.key] != nil else {
                throw UsageError("\(file.path): no page defines \(member.key)")
            }
            result[member.key] = reason
        }
    }
}
