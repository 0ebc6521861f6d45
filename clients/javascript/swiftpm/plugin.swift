import Foundation
import PackagePlugin

/// Makes the browser's library, `clients/javascript`, a part of the server: its sources become one Swift file, which is
/// made anew when one of them has changed.
@main
struct BundleJavaScript: BuildToolPlugin {
    /// One command, with all that the result depends on.
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let library = context.package.directoryURL.appending(path: "clients/javascript")
        let script = library.appending(path: "bundle")
        let output = context.pluginWorkDirectoryURL.appending(path: "JavaScriptFiles.swift")
        let inputs = [script, library.appending(path: "package.json")] + files(in: library.appending(path: "src"))
        return [
            .buildCommand(
                displayName: "Bundling clients/javascript",
                executable: URL(filePath: "/bin/sh"),
                arguments: [script.path(percentEncoded: false), "--swift", output.path(percentEncoded: false)],
                inputFiles: inputs,
                outputFiles: [output])
        ]
    }

    private func files(in folder: URL) -> [URL] {
        let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
        let urls = (found?.allObjects ?? []).compactMap { $0 as? URL }
        return urls.filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true }
            .sorted { $0.path() < $1.path() }
    }
}
