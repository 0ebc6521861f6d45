import NIOCore

extension ControlRequest {
    /// Writes the frame in its wire form.
    ///
    /// - Parameter id: what the reply is to name, 1 to 255 bytes without line ends. [CTL-18]
    public func write(id: String, into buffer: inout ByteBuffer) {
        buffer.writeString("Orbit 1.1\r\n\(action.rawValue)\r\nid: \(id)\r\n")
        switch self {
        case .auth(let secret):
            buffer.writeString("length: \(secret.readableBytes)\r\n\r\n")
            buffer.writeImmutableBuffer(secret)
            return
        case .ping: break
        case .watch(let watch):
            watch.recipients.write(into: &buffer)
            if watch.wantsState { buffer.writeStaticString("state: yes\r\n") }
            if let last = watch.last { buffer.writeString("epoch: \(last.epoch)\r\nsequence: \(last.sequence)\r\n") }
        case .unwatch(let name): buffer.writeString("watch: \(name)\r\n")
        case .list(let recipients, let limit):
            recipients.write(into: &buffer)
            if limit != ControlLimits.defaultList { buffer.writeString("limit: \(limit)\r\n") }
        case .close(let recipients, let reason):
            recipients.write(into: &buffer)
            if !reason.isEmpty { buffer.writeString("reason: \(reason)\r\n") }
        }
        buffer.writeStaticString("\r\n")
    }

    private var action: ControlAction {
        switch self {
        case .auth: .auth
        case .ping: .ping
        case .watch: .watch
        case .unwatch: .unwatch
        case .list: .list
        case .close: .close
        }
    }
}

extension Recipients {
    fileprivate func write(into buffer: inout ByteBuffer) {
        for key in keys {
            buffer.writeStaticString("recipient: ")
            buffer.writeBytes(key.bytes)
            buffer.writeStaticString("\r\n")
        }
        for pattern in patterns { buffer.writeString("recipient: \(pattern)\r\n") }
    }
}
