import NIOCore
import OrbitedCore
import OrbitedWire

/// The iframe for pages of another host of the same domain. `protocol/transports/iframe_domain.md`
struct IframeDomainTransport: Transport {
    let name = "iframe_domain"
    let kind = OutletKind.stream
    // Browsers that keep origins apart refuse `document.domain` unless the response asks not to be kept apart. [IFD-4]
    let headers = [(name: "Origin-Agent-Cluster", value: "?0")]
    let preamble: ByteBuffer
    private let iframe: IframeTransport

    /// - Parameters:
    ///   - form: the form of the URL, as for ``IframeTransport``.
    ///   - maxBytes: after how many bytes the page is made to load again.
    init(form: URLForm, maxBytes: Int) {
        iframe = IframeTransport(form: form, maxBytes: maxBytes)
        preamble = IframePage.opening(form, script: Self.script)
    }

    var contentType: String { iframe.contentType }
    var heartbeat: ByteBuffer? { iframe.heartbeat }
    var maxBytes: Int? { iframe.maxBytes }
    var recycling: ByteBuffer? { iframe.recycling }

    func write(_ body: ByteBuffer, cursor: Cursor, into buffer: inout ByteBuffer) {
        iframe.write(body, cursor: cursor, into: &buffer)
    }

    /// Both sides set the last two labels. An address has no labels, and there the frame needs no other domain. [IFD-3]
    private static let script =
        "try{document.domain=location.hostname.split('.').slice(-2).join('.')}catch(error){}"
}
