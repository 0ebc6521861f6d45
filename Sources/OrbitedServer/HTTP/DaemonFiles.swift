/// The files that the daemon itself serves under `/_/`. [BRW-77] to [BRW-79] [BRW-130] [BRW-135]
struct DaemonFiles: Sendable {
    private let files: [String: DaemonFile]
    private let example: ExamplePage.Offer

    private static let examplePath = "/_/"

    init(_ configuration: Configuration) {
        example = ExamplePage.offer(configuration)
        var files = [
            "/_/about": DaemonFile(.text, "Orbited \(OrbitedVersion.text)\n"),
            "/_/iframe.js": DaemonFile(.javaScript, PackageResources.iframe_js),
            "/_/orbited.js": DaemonFile(.javaScript, JavaScriptFiles.classic),
            "/_/orbited.mjs": DaemonFile(.javaScript, JavaScriptFiles.module),
        ]
        if example == .shown {
            files[Self.examplePath] = DaemonFile(
                .html, ExamplePage.html(configuration), headers: [("Content-Security-Policy", ExamplePage.policy)])
        }
        self.files = files
    }

    /// The file at a path.
    func file(_ path: String) throws(HTTPFault) -> DaemonFile {
        if let file = files[path] { return file }
        guard path == Self.examplePath else { throw .noFile }
        switch example {
        case .off: throw .exampleIsOff
        case .shown, .withheld: throw .exampleIsWithheld
        }
    }
}
