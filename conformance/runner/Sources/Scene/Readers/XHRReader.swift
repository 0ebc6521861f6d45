/// Reads a response of `xhr`, which is the body of one event, or empty if none came.
struct XHRReader: ItemReader {
    mutating func next(_ body: inout ArraySlice<UInt8>, isComplete: Bool) throws -> JSONValue? {
        guard isComplete, !body.isEmpty else { return nil }
        defer { body = [] }
        return Item.event(Item.data(body))
    }
}
