import NIOHTTP1

/// What a request tells of the page that it comes from.
struct RequestOrigin: Equatable {
    /// Whether it comes from a page of the server's own origin, or from none. [BRW-121] [BRW-122]
    let isSame: Bool
    /// The origin of the page, if the request names one.
    let page: WebOrigin?
    /// The host that was asked for, if the request names exactly one.
    private let host: String?

    init(_ headers: HTTPHeaders) {
        let site = headers.first(name: "Sec-Fetch-Site")?.lowercased()
        let origins = headers["Origin"]
        let referrers = headers["Referer"].filter { !$0.isEmpty }
        let hosts = headers["Host"]
        host = hosts.count == 1 ? hosts[0] : nil
        if !origins.isEmpty {
            page = origins.count == 1 ? WebOrigin(origins[0]) : nil
        } else {
            page = referrers.count == 1 ? WebOrigin(ofPage: referrers[0]) : nil
        }
        if site == "same-origin" {
            isSame = true
        } else if let page {
            isSame = Self.isSame(page, host)
        } else {
            // A program names nothing, nor does a browser whose user typed the URL.
            isSame = origins.isEmpty && referrers.isEmpty && site != "cross-site" && site != "same-site"
        }
    }

    /// The same request, as if the page of that origin had made it: the one that is to get what the response holds.
    func made(byPage origin: String) -> RequestOrigin { RequestOrigin(page: WebOrigin(origin), host: host) }

    private init(page: WebOrigin?, host: String?) {
        self.page = page
        self.host = host
        isSame = page.map { Self.isSame($0, host) } ?? false
    }

    private static func isSame(_ page: WebOrigin, _ host: String?) -> Bool { host.map(page.isOf(host:)) ?? false }
}
