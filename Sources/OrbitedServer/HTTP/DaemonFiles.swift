import NIOCore

/// The files that the daemon itself serves under `/_/`. [BRW-77] [BRW-78] [BRW-79]
struct DaemonFiles: Sendable {
    private let files: [String: DaemonFile]

    init() {
        files = [
            "/_/about": DaemonFile(.text, "Orbited \(OrbitedVersion.text)\n"),
            "/_/iframe.js": DaemonFile(.javaScript, PackageResources.iframe_js),
            "/_/orbited.js": DaemonFile(.javaScript, JavaScriptFiles.classic),
            "/_/orbited.mjs": DaemonFile(.javaScript, JavaScriptFiles.module),
        ]
    }

    /// The file at a path.
    func file(_ path: String) throws(HTTPFault) -> DaemonFile {
        guard let file = files[path] else { throw .noFile }
        return file
    }
}
