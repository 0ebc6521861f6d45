/// The files that the daemon itself serves under `/_/`. [BRW-18]
enum DaemonFiles {
    struct File {
        let contentType: String
        let text: String
        /// A strong validator, from the text.
        var etag: String {
            // FNV-1a: the same in every process, which Swift's own hashes are not.
            let hash = text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            return "\"\(String(hash, radix: 16))\""
        }
    }

    static func file(_ path: String) -> File? {
        switch path {
        case "/_/iframe.js": File(contentType: "text/javascript; charset=utf-8", text: iframeScript)
        case "/_/about": File(contentType: "text/plain; charset=utf-8", text: "Orbited \(OrbitedVersion.text)\n")
        default: nil
        }
    }

    /// Defines what the scripts of an iframe of the query form call: `e` for an event, `p` for a ping. [IFR-5]
    private static let iframeScript = """
        // Events of an Orbited iframe go to the page that holds it.
        function p() {}
        function e(data) { window.parent.event(data); }
        if (window.parent.Orbited && window.parent.Orbited.attach_iframe) {
          window.parent.Orbited.attach_iframe(window);
        }

        """
}
