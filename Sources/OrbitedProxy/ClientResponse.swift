import NIOHTTP1

/// The response as the browser gets it, made from the response as the application sent it.
enum ClientResponse {
    /// Rewrites a head: without what concerned the application's connection, and with a length only where it is one.
    static func head(for response: HTTPResponseHead) throws(ProxyFailure) -> HTTPResponseHead {
        guard response.status != .switchingProtocols else {
            throw .malformedResponse(reason: "it switches protocols, which nobody asked for")
        }
        guard response.status.code >= 100 else {
            throw .malformedResponse(reason: "it has no status that HTTP knows")
        }
        guard response.headers.areWellFormed else {
            throw .malformedResponse(reason: "its headers hold characters that no header has")
        }
        var headers = HopByHop.stripped(response.headers)
        if response.status.isInformational || response.status == .noContent {
            headers.remove(name: "Content-Length")
        } else {
            try frame(&headers, of: response)
        }
        return HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)
    }

    private static func frame(_ headers: inout HTTPHeaders, of response: HTTPResponseHead) throws(ProxyFailure) {
        let framing: BodyFraming
        do throws(BodyFraming.Fault) {
            framing = try BodyFraming(of: response.headers)
        } catch {
            throw .malformedResponse(reason: error.reason)
        }
        headers.remove(name: "Content-Length")
        if case .length(let length) = framing { headers.add(name: "Content-Length", value: length) }
    }
}

extension HTTPResponseStatus {
    /// Whether another head follows.
    var isInformational: Bool { (100..<200).contains(code) }
}
