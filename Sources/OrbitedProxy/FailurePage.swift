import NIOCore
import NIOHTTP1

/// The response that tells a browser why there is none of the application's.
struct FailurePage {
    let failure: ProxyFailure
    let application: Application

    /// The rule that sent the request to the application, if one is known.
    let rule: ProxyRule?

    private var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <title>\(escape(title))</title>
        <style>body { font-family: sans-serif; max-width: 40em; margin: 4em auto; line-height: 1.5 }</style>
        </head>
        <body>
        <h1>\(escape(title))</h1>
        <p>\(escape(failure.sentence(about: application)))</p>
        <p>\(escape(failure.advice))\(origin)</p>
        <p>Orbited</p>
        </body>
        </html>

        """
    }

    private var title: String { "\(failure.status.code) \(failure.status.reasonPhrase)" }

    private var origin: String {
        guard let rule else { return "" }
        return " Orbited proxies <code>\(escape(rule.prefix))</code> to <code>\(escape(rule.target.description))</code>"
            + " by the rule <code>\(escape(rule.description))</code>."
    }

    /// The response's head, and its body as a GET would get it.
    func response() -> (head: HTTPResponseHead, body: ByteBuffer) {
        let body = ByteBuffer(string: html)
        let headers: HTTPHeaders = [
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": String(body.readableBytes),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        ]
        return (HTTPResponseHead(version: .http1_1, status: failure.status, headers: headers), body)
    }
}

/// Text made fit for HTML, between tags and in quoted attributes.
private func escape(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
        switch character {
        case "&": escaped += "&amp;"
        case "<": escaped += "&lt;"
        case ">": escaped += "&gt;"
        case "\"": escaped += "&quot;"
        case "'": escaped += "&#39;"
        default: escaped.unicodeScalars.append(character)
        }
    }
    return escaped
}
