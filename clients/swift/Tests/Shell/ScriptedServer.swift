import NIOCore
import NIOPosix
import NIOSSL
import OrbitedClient

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A control port on loopback that does with each frame that comes what a script says.
struct ScriptedServer: Sendable {
    /// A frame, as the server got it.
    struct Frame: Sendable {
        /// Which connection it came on, from 0.
        let connection: Int
        /// Its place on the connection, from 0; the first frame, with which a client begins, has none.
        let number: Int
        let version: String
        let action: String
        let id: String
        /// All lines behind the id.
        let headers: [String]
        let body: String
    }

    typealias Script = @Sendable (_ channel: any Channel, _ frame: Frame) -> Void

    /// What a server says to the first frame; `ID` stands for its id.
    static let welcome = "Success\r\nid: ID\r\n\r\n"
    static let orbit10 = "Failure\r\nid: ID\r\nmsg: The action is not Event\r\ncode: 102 bad_action\r\n\r\n"

    let port: Int
    private let channel: any Channel

    /// Runs a test with a client whose server follows a script.
    static func run(
        greeting: String = welcome, isEncrypted: Bool = false, _ script: @escaping Script,
        options change: (inout ClientOptions) -> Void = { _ in }, _ test: (OrbitedClient) async throws -> Void
    ) async throws {
        let server = try await start(greeting: greeting, tls: isEncrypted ? TestCertificate.server() : nil, script)
        var options = ClientOptions(host: isEncrypted ? "localhost" : "127.0.0.1", port: server.port)
        if isEncrypted { options.tls = .enabled(try TestCertificate.trust()) }
        options.idPrefix = ""
        options.timeout = .seconds(20)
        change(&options)
        let client = OrbitedClient(options)
        try await test(client)
        await client.disconnect(timeout: .zero)
        try await server.stop()
    }

    static func start(
        greeting: String = welcome, tls: NIOSSLContext? = nil, _ script: @escaping Script
    ) async throws -> ScriptedServer {
        let counter = Counter()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    let handler = ScriptHandler(connection: counter.next(), greeting: greeting, script: script)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ScriptedServer(port: channel.localAddress?.port ?? 0, channel: channel)
    }

    func stop() async throws { try await channel.close() }
}

/// Takes frames apart, and follows the script at each.
private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: Int
    private let greeting: String
    private let script: ScriptedServer.Script
    private var text = ""
    private var next = -1

    init(connection: Int, greeting: String, script: @escaping ScriptedServer.Script) {
        self.connection = connection
        self.greeting = greeting
        self.script = script
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: Self.unwrapInboundIn(data))
        while let frame = frame() {
            guard frame.number < 0 else {
                script(context.channel, frame)
                continue
            }
            context.channel.say(greeting.replacing("ID", with: frame.id))
        }
    }

    private func frame() -> ScriptedServer.Frame? {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n").map(String.init)
        let length = lines.first { $0.hasPrefix("length: ") }.flatMap { Int($0.dropFirst("length: ".count)) } ?? 0
        guard text[end.upperBound...].utf8.count >= length else { return nil }
        let body = String(decoding: text[end.upperBound...].utf8.prefix(length), as: UTF8.self)
        text = String(decoding: text[end.upperBound...].utf8.dropFirst(length), as: UTF8.self)
        defer { next += 1 }
        return ScriptedServer.Frame(
            connection: connection, number: next, version: lines[0], action: lines[1],
            id: String(lines[2].dropFirst("id: ".count)), headers: Array(lines.dropFirst(3)), body: body)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

extension Channel {
    func say(_ text: String) { writeAndFlush(ByteBuffer(string: text), promise: nil) }

    /// The reply to an event that has reached so many.
    func succeed(_ frame: ScriptedServer.Frame, reached: Int = 1) {
        say("Success\r\nid: \(frame.id)\r\nreached: \(reached)\r\n\r\n")
    }

    /// Closes as a crash does.
    func reset() {
        (self as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            .whenComplete { _ in self.close(promise: nil) }
    }
}
