/// Reads the lines of `ndjson`.
struct NDJSONReader: ItemReader {
    private var order = CursorOrder()

    mutating func next(_ body: inout ArraySlice<UInt8>, isComplete: Bool) throws -> JSONValue? {
        guard let end = body.firstRange(of: "\n") else {
            guard body.isEmpty || !isComplete else {
                throw Violation("the response ended in the middle of a line [NDJ-11]", body)
            }
            return nil
        }
        let line = body[..<end.lowerBound]
        body = body[end.upperBound...]
        let object = try CursorObject(line)
        try order.take(object, line)
        return object.item
    }
}
