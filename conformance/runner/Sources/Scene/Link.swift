/// A connection of the suite to a server, and how far its bytes were read.
final class Link {
    let name: String
    let connection: Connection
    /// What came and no step has read.
    var bytes: ArraySlice<UInt8> = []
    /// How the server's side ended; nil if that was not read.
    var end: Connection.End?
    /// The methods of the requests that have no response yet, as far as the suite knows them.
    var methods: [String] = []
    /// The response that is being read.
    var response: Response?
    /// What reads the items of the response.
    var reader: (any ItemReader)?
    /// The transport of a `browse` whose head was not checked yet.
    var unchecked: Transport?
    /// Whether the item that is the end was told.
    var hasToldEnd = false
    /// What follows a response with 101 to a `browse`, and what came on it.
    var socket: WebSocket?
    var socketReader = WebSocketReader()
    var arrivals: [WebSocket.Arrival] = []

    init(_ name: String, _ connection: Connection) {
        self.name = name
        self.connection = connection
    }

    /// A response whose head has come.
    struct Response {
        let head: ResponseHead
        var decoder: BodyDecoder
        /// What came of its body and no step has read.
        var body: ArraySlice<UInt8> = []
    }

    /// Forgets the last response: another request begins.
    func beginRequest(_ method: String) {
        methods = [method]
        response = nil
        reader = nil
        unchecked = nil
        hasToldEnd = false
    }

    /// Reads the head of the next response; nil if it has not come in whole.
    func readHead() throws -> ResponseHead? {
        guard let head = try ResponseHead(readingFrom: &bytes) else { return nil }
        let method = methods.first ?? "GET"
        if !head.isInterim, !methods.isEmpty { methods.removeFirst() }
        response = Response(head: head, decoder: try BodyDecoder(for: head, method: method))
        return head
    }

    /// Takes the body's bytes out of what came.
    func readBody() throws {
        guard var current = response else { return }
        response = nil
        defer { response = current }
        try current.decoder.decode(&bytes, into: &current.body, isEnded: end != nil)
    }

    /// The next item; nil if it has not come in whole.
    func takeItem() throws -> JSONValue? {
        if let item = try readItem() { return item }
        // What came before a fault of the body is told before it.
        let reading = Result { try readBody() }
        if let item = try readItem() { return item }
        try reading.get()
        guard response?.decoder.isComplete == true else { return nil }
        guard !hasToldEnd else { throw Difference("the response has ended already", got: "nothing") }
        hasToldEnd = true
        return Item.end
    }

    private func readItem() throws -> JSONValue? {
        guard var current = response else { return nil }
        response = nil
        defer { response = current }
        guard reader == nil else {
            return try reader?.next(&current.body, isComplete: current.decoder.isComplete)
        }
        guard !current.body.isEmpty else { return nil }
        defer { current.body = [] }
        return Item.text(current.body)
    }

    /// The next item of a WebSocket; nil if it has not come in whole.
    func takeSocketItem() throws -> JSONValue? { try socketReader.next(&arrivals) }

    /// What came and was not expected: bytes, or items that were read already; nil if there are none.
    func unreadBytes() throws -> String? {
        let isOpen = response.map { !$0.decoder.isComplete } ?? false
        try readBody()
        let body = response?.body ?? []
        if !body.isEmpty { return readable(body) }
        if let response, response.decoder.isComplete {
            if isOpen { return "the end of the response" }
            if reader != nil, let item = try readItem() { return item.text }
        }
        return bytes.isEmpty || isOpen ? nil : readable(bytes)
    }
}
