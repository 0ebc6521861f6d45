import NIOCore
import NIOHTTP1
import OrbitedCore
import OrbitedTransports

/// Requests for events: polls, and connections that become streams.
extension HTTPHandler {
    /// Lets a poll wait for its event.
    func beginPoll(_ url: EventURL, _ number: Int) {
        let outlet = PollOutlet(handler: self, transport: number, callback: url.callback)
        state = .polling(outlet)
        shardLoop.attach(outlet, key: url.key, comeback: url.comeback)
    }

    /// Answers a poll with the body of one event, or with an empty one. The promise tells when it has left.
    func respond(toPoll body: ByteBuffer, transport: any Transport, promise: EventLoopPromise<Void>?) {
        guard case .polling = state else {
            // The response before is under way, or the channel has closed.
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        respond(.ok, Self.eventHeaders(transport), body: body, promise: promise)
    }

    /// Sends events on the response from here on.
    func becomeStream(_ url: EventURL, _ number: Int) {
        let framing: Framing = takesChunks ? .chunked : .close
        leaveHTTP(
            url,
            StreamHandler(
                shardLoop: shardLoop, transport: number, framing: framing,
                head: shardLoop.heads.head(for: number, framing, allowed), connections: settings.connections))
    }

    /// Shakes hands, and sends events on the WebSocket from here on. [WSK-3]
    func becomeSocket(_ url: EventURL, _ number: Int, _ head: HTTPRequestHead) {
        guard let context else { return }
        WebSocketHandshake.response(to: head, on: context.channel).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let response):
                let stream = StreamHandler(
                    shardLoop: self.shardLoop, transport: number, framing: .message, head: response,
                    reader: WebSocketReader(maxMessage: self.settings.maxMessage),
                    connections: self.settings.connections)
                self.leaveHTTP(url, stream)
            case .failure:
                self.respond(.upgradeNeeded, isHead: false)
            }
        }
    }

    /// Takes the HTTP handlers out of the pipeline: from here on the connection carries events alone.
    private func leaveHTTP(_ url: EventURL, _ stream: StreamHandler) {
        guard let context else { return }
        let pipeline = context.pipeline.syncOperations
        state = .closed
        shardLoop.becameStream(self)
        try? context.channel.readLittle()
        for handler in [parts.encoder, parts.pipelining, parts.clock, parts.decoder, self]
            as [any RemovableChannelHandler]
        {
            _ = pipeline.removeHandler(handler)
        }
        do {
            try pipeline.addHandler(stream)
        } catch {
            return context.close(promise: nil)
        }
        // The browser may have gone before the first bytes could be written.
        if stream.isOpen { shardLoop.attach(stream, key: url.key, comeback: url.comeback) }
    }
}
