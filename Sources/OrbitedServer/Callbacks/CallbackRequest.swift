import NIOCore
import NIOHTTP1
import OrbitedJSON

/// A request that tells the application something.
struct CallbackRequest {
    let url: CallbackURL
    let head: HTTPRequestHead
    let body: ByteBuffer

    /// Writes a batch.
    ///
    /// - Parameters:
    ///   - id: the request's name, the same each time it is tried. [CBK-5]
    ///   - time: when it is sent, in seconds since 1970.
    ///   - key: what it is signed with; nil for no signature. [CBK-6]
    init(_ batch: CallbackLane.Batch, to url: CallbackURL, epoch: String, id: String, time: Int, key: CallbackKey?) {
        let content = JSON.object(
            JSONObject([
                ("callbacks", .array(batch.callbacks.map { $0.json(epoch: epoch) })),
                ("dropped", .integer(Int64(batch.dropped))),
            ]))
        let bytes = content.compactBytes
        var headers = HTTPHeaders([
            ("Host", url.origin.hostHeader), ("User-Agent", "Orbited/\(OrbitedVersion.text)"),
            ("Content-Type", "application/json"), ("Content-Length", "\(bytes.count)"),
            ("webhook-id", id), ("webhook-timestamp", "\(time)"),
        ])
        if let key {
            headers.add(name: "webhook-signature", value: key.signature(id: id, time: time, body: bytes))
        }
        self.url = url
        head = HTTPRequestHead(version: .http1_1, method: .POST, uri: url.target, headers: headers)
        body = ByteBuffer(bytes: bytes)
    }
}
