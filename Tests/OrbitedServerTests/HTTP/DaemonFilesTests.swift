import NIOCore
import Testing

@testable import OrbitedServer

@Suite("The daemon's files")
struct DaemonFilesTests {
    private static let paths = ["/_/about", "/_/iframe.js", "/_/orbited.js", "/_/orbited.mjs", "/_/"]
    private let files = DaemonFiles(Configuration())

    @Test(
        "Only the daemon's own files are found",
        arguments: ["/_/nothing", "/_/about/", "/_/ABOUT", "/_/../x", "/_/orbited.js/", "/_"])
    func missing(path: String) {
        #expect(throws: HTTPFault.noFile) { try files.file(path) }
    }

    @Test("Each file has bytes and a content type", arguments: paths)
    func present(path: String) throws {
        let file = try files.file(path)
        #expect(file.body.readableBytes > 0)
        let type = ["/_/": "text/html", "/_/about": "text/plain"][path] ?? "text/javascript"
        #expect(file.contentType == "\(type); charset=utf-8")
    }

    @Test func `The page about the server names its version`() throws {
        #expect(try files.file("/_/about").body == ByteBuffer(string: "Orbited \(OrbitedVersion.text)\n"))
    }

    @Test("The validators differ, are quoted, and stay the same")
    func validators() throws {
        let tags = try Self.paths.map { try files.file($0).etag }
        #expect(Set(tags).count == tags.count)
        #expect(try tags == Self.paths.map { try DaemonFiles(Configuration()).file($0).etag })
        for tag in tags { #expect(tag.hasPrefix("\"") && tag.hasSuffix("\"")) }
    }
}
