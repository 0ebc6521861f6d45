/// The page of a browser library's cases.
enum TestPage {
    /// It holds the library alone: what the page does with it is the adapter's affair.
    static let html = """
        <!DOCTYPE html>
        <html lang="en">
        <meta charset="utf-8">
        <title>Conformance of a library for pages</title>
        <script src="/orbited.js"></script>
        <body></body>
        </html>

        """
}
