/// Reads the one object of a response of `poll`, or of `jsonp`, where a call of a function stands around it.
struct PollReader: ItemReader {
    /// The function that `jsonp` calls; nil with `poll`.
    private let callback: String?
    private var items: [JSONValue]?

    init(callback: String? = nil) { self.callback = callback }

    mutating func next(_ body: inout ArraySlice<UInt8>, isComplete: Bool) throws -> JSONValue? {
        if items == nil {
            guard isComplete else { return nil }
            items = try Self.items(try object(body))
            body = []
        }
        guard items?.isEmpty == false else { return nil }
        return items?.removeFirst()
    }

    private func object(_ body: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
        guard let callback else { return body }
        let (begin, end) = ("/**/\(callback)(", ");\n")
        guard body.starts(with: begin.utf8), body.suffix(end.utf8.count).elementsEqual(end.utf8),
            body.count >= begin.utf8.count + end.utf8.count
        else { throw Violation("the body is no call `/**/\(callback)(…);` and one LF [JSP-4]", body) }
        return body.dropFirst(begin.utf8.count).dropLast(end.utf8.count)
    }

    /// The cursor stands behind all events [POL-3], so that the last of them has it.
    private static func items(_ object: ArraySlice<UInt8>) throws -> [JSONValue] {
        try CursorObject.checkScriptSafe(object)
        var rest = object
        guard let cursor = try CursorObject.takeCursor(&rest) else { return [try CursorObject.closed(object).item] }
        let (gap, events) = (",\"gap\":true", ",\"events\":")
        let isGap = rest.begins(with: ",\"gap\":true")
        if isGap { rest = rest.dropFirst(gap.utf8.count) }
        guard rest.begins(with: ",\"events\":["), rest.suffix(2).elementsEqual("]}".utf8),
            let values = (try? JSONValue(parsing: rest.dropFirst(events.utf8.count).dropLast()))?.array
        else {
            throw Violation("the object is not `{\"cursor\":\"C\",\"events\":[…]}`, as it is written [POL-3]", object)
        }
        var items = values.map { Item.event($0) }
        if let last = values.last { items[items.count - 1] = Item.event(last, cursor: cursor) }
        if isGap { return [Item.gap(cursor: values.isEmpty ? cursor : nil)] + items }
        return items.isEmpty ? [Item.position(cursor)] : items
    }
}
