import NIOCore
import NIOPosix
import OrbitedClient

/// A control port on loopback that answers each chunk that comes as a script says.
struct ScriptedServer: Sendable {
    /// What to do on the connection when the bytes of an event have come; its number counts from 0.
    typealias Script = @Sendable (_ channel: any Channel, _ number: Int, _ ids: [String]) -> Void

    let port: Int
    private let channel: any Channel

    /// Runs a test with a client whose server follows a script.
    static func run(
        timeout: TimeAmount = .seconds(20), _ script: @escaping Script,
        _ test: (OrbitedClient) async throws -> Void
    ) async throws {
        let server = try await start(script)
        let client = try await OrbitedClient.connect(host: "127.0.0.1", port: server.port, timeout: timeout)
        try await test(client)
        await client.close()
        try await server.stop()
    }

    static func start(_ script: @escaping Script) async throws -> ScriptedServer {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(script: script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ScriptedServer(port: channel.localAddress?.port ?? 0, channel: channel)
    }

    func stop() async throws { try await channel.close() }
}

/// Finds the ids of frames without bodies or with short ones, and follows the script at each.
private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let script: ScriptedServer.Script
    private var text = ""
    private var ids: [String] = []

    init(script: @escaping ScriptedServer.Script) { self.script = script }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: Self.unwrapInboundIn(data))
        while let start = text.firstRange(of: "id: "), let end = text[start.upperBound...].firstRange(of: "\r\n") {
            ids.append(String(text[start.upperBound..<end.lowerBound]))
            text = String(text[end.upperBound...])
            script(context.channel, ids.count - 1, ids)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

extension Channel {
    func say(_ text: String) { writeAndFlush(ByteBuffer(string: text), promise: nil) }
}
