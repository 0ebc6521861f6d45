import NIOCore
import NIOHTTP1
import OrbitedCore
import OrbitedTransports

/// Requests for events: polls, and connections that become streams.
extension HTTPHandler {
    /// Lets a poll wait for its event.
    func beginPoll(_ url: EventURL, _ number: Int) {
        let outlet = PollOutlet(handler: self, transport: settings.transports.all[number])
        state = .polling(outlet)
        shardLoop.attach(outlet, key: url.key)
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

    /// Takes the HTTP handlers out of the pipeline: from here on the connection carries events alone.
    func becomeStream(_ url: EventURL, _ number: Int) {
        guard let context else { return }
        let pipeline = context.pipeline.syncOperations
        let stream = StreamHandler(
            shardLoop: shardLoop, transport: number, framing: takesChunks ? .chunked : .close,
            connections: settings.connections)
        state = .closed
        shardLoop.becameStream(self)
        // A browser says nothing more on a stream: little is read, so that an idle one costs little.
        try? context.channel.syncOptions?.setOption(
            .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 128))
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
        if stream.isOpen { shardLoop.attach(stream, key: url.key) }
    }
}
