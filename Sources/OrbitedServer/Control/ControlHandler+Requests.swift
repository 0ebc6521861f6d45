import NIOCore
import OrbitedCore
import OrbitedWire

/// What applications ask beside sending events. `protocol/control.md`, sections 13 to 15
extension ControlHandler {
    func carryOut(_ request: ControlRequest, id: String) {
        if case .auth(let secret) = request { return letIn(secret, id: id) }
        guard isLetIn else { return reply(.fault(id: id, ControlFault(.authRequired))) }
        switch request {
        case .auth, .ping: reply(.done(id: id))
        case .watch(let watch): begin(watch, id: id)
        case .unwatch(let name): unwatch(name, id: id)
        case .list(let recipients, let limit): list(recipients, limit: limit, id: id)
        case .close(let recipients, let reason):
            let count = shardLoop.shard.switchboard.close(recipients, reason: reason)
            reply(.done(id: id, headers: [.init("closed", count)]))
        }
    }

    /// [CTL-131] [CTL-132]
    private func letIn(_ secret: ByteBuffer, id: String) {
        guard limits.secret?.isShown(by: secret.readableBytesView) ?? true else {
            reply(.fault(id: id, ControlFault(.authFailed)))
            return finish()
        }
        isLetIn = true
        reply(.done(id: id))
    }

    private func begin(_ request: WatchRequest, id: String) {
        guard let sink else { return }
        let switchboard = shardLoop.shard.switchboard
        unwatchNamesake(id)
        guard watches.count < ControlLimits.watches else {
            return reply(.fault(id: id, ControlFault(.tooManyWatches, limit: ControlLimits.watches)))
        }
        let start = switchboard.watch(request, sink: sink)
        reply(.done(id: id, headers: start.headers(epoch: switchboard.epochText)))
        let present = start.present ?? []
        tell(present.map { Notice(sequence: start.sequence, key: $0, news: .present) }, watch: id)
        watches.add(start.id, name: id)
        takeNotices()
    }

    /// A watch of the same name ends by this. [CTL-138]
    private func unwatchNamesake(_ name: String) {
        if let former = watches.remove(name) { shardLoop.shard.switchboard.unwatch(former) }
    }

    private func unwatch(_ name: String, id: String) {
        guard let watch = watches.remove(name) else { return reply(.fault(id: id, ControlFault(.unknownWatch))) }
        shardLoop.shard.switchboard.unwatch(watch)
        reply(.done(id: id))
    }

    /// [CTL-148]
    private func list(_ recipients: Recipients, limit: Int, id: String) {
        let keys = shardLoop.shard.switchboard.keys(recipients)
        var body = ByteBuffer()
        for key in keys.prefix(limit) {
            body.writeBytes(key.bytes)
            body.writeStaticString("\n")
        }
        let more = keys.count > limit ? [ControlReply.Header("more", "yes")] : []
        reply(.done(id: id, headers: [.init("keys", min(keys.count, limit))] + more, body: body))
    }
}

extension WatchStart {
    /// What the reply to a `Watch` says. [CTL-139] to [CTL-141]
    fileprivate func headers(epoch: String) -> [ControlReply.Header] {
        var headers = [ControlReply.Header("epoch", epoch), ControlReply.Header("sequence", sequence)]
        if let isResumed { headers.append(ControlReply.Header("resumed", isResumed ? "yes" : "no")) }
        if let present { headers.append(ControlReply.Header("present", present.count)) }
        return headers
    }
}
