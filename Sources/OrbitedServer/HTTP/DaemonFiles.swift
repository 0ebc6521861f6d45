/// The files that the daemon itself serves under `/_/`. [BRW-77] [BRW-78] [BRW-79]
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

    /// Defines what the scripts of an iframe of the query form call: `e` for an event, `p` for a ping. [IFR-17] [IFR-18]
    /// Events that come before the page has set `e` are kept for it. [IFR-19]
    private static let iframeScript = """
        // Events of an Orbited iframe go to the page that holds it.
        function p() {}
        (function (frame) {
          var kept = [], take = function (data) { kept.push(data); };
          Object.defineProperty(frame, 'e', {
            get: function () { return take; },
            set: function (taker) {
              take = taker;
              while (kept.length > 0) { take(kept.shift()); }
            }
          });
          if (frame.parent.Orbited && frame.parent.Orbited.attach_iframe) {
            frame.parent.Orbited.attach_iframe(frame);
          } else {
            frame.e = function (data) { frame.parent.event(data); };
          }
        }(window));

        """
}
