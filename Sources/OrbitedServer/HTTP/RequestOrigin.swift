import NIOHTTP1

/// What a request tells of the page that it comes from.
struct RequestOrigin: Equatable {
    /// Whether it comes from a page of the server's own origin, or from none. [BRW-121] [BRW-122]
    let isSame: Bool
    /// The origin of the page, if the request names one.
    let page: WebOrigin?

    init(_ headers: HTTPHeaders) {
        let site = headers.first(name: "Sec-Fetch-Site")?.lowercased()
        let origins = headers["Origin"]
        let referrers = headers["Referer"].filter { !$0.isEmpty }
        if !origins.isEmpty {
            page = origins.count == 1 ? WebOrigin(origins[0]) : nil
        } else if !referrers.isEmpty {
            page = referrers.count == 1 ? WebOrigin(ofPage: referrers[0]) : nil
        } else {
            page = nil
        }
        let isNamed = !origins.isEmpty || !referrers.isEmpty
        let hosts = headers["Host"]
        if site == "same-origin" {
            isSame = true
        } else if let page {
            isSame = hosts.count == 1 && page.isOf(host: hosts[0])
        } else {
            // A program names nothing, nor does a browser whose user typed the URL.
            isSame = !isNamed && site != "cross-site" && site != "same-site"
        }
    }
}
