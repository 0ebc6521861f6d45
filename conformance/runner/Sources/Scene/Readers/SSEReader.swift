/// Reads the blocks of `sse`; each ends with an empty line.
struct SSEReader: ItemReader {
    private var hasBegun = false
    private var hasPosition = false
    private var isOver = false
    /// Whether it was said when to come back, after which the response ends.
    private var isEnding = false

    mutating func next(_ body: inout ArraySlice<UInt8>, isComplete: Bool) throws -> JSONValue? {
        while let end = body.firstRange(of: "\n\n") {
            let block = body[..<end.lowerBound]
            body = body[end.upperBound...]
            if let item = try item(block) { return item }
        }
        guard body.isEmpty || !isComplete else {
            throw Violation("the response ended in the middle of an event [SSE-13]", body)
        }
        return nil
    }

    /// The item of a block; nil of the first if it has no position.
    private mutating func item(_ block: ArraySlice<UInt8>) throws -> JSONValue? {
        guard !isOver else { throw Violation("something came after the word that the response is over", block) }
        guard !block.contains(UInt8(ascii: "\r")) else {
            throw Violation(
                "a line holds a CR, which the body is split at [SSE-5] and no line ends with [SSE-3]", block)
        }
        var lines = block.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        guard hasBegun else {
            hasBegun = true
            guard lines.popFirst()?.elementsEqual("retry: 1000".utf8) == true else {
                throw Violation("the body does not begin with `retry: 1000` [SSE-17]", block)
            }
            return lines.isEmpty ? nil : try position(lines, block)
        }
        guard !isEnding else { throw Violation("something came after the `retry` of a shutdown [SSE-22]", block) }
        return switch lines.count {
        case 1 where lines[lines.startIndex].elementsEqual(":".utf8): Item.heartbeat
        case 1 where lines[lines.startIndex].begins(with: "retry: "): try comeback(block)
        case 1: try position(lines, block)
        default: lines[lines.startIndex].begins(with: "event: ") ? try mark(block) : try event(lines, block)
        }
    }

    private mutating func position(_ lines: ArraySlice<ArraySlice<UInt8>>, _ block: ArraySlice<UInt8>) throws
        -> JSONValue
    {
        guard lines.count == 1 else { throw Violation("the block with the position has other lines [SSE-17]", block) }
        hasPosition = true
        return Item.position(try cursor(lines[lines.startIndex], block))
    }

    /// When to come back after a shutdown: no item, since it is nothing that a page sees.
    private mutating func comeback(_ block: ArraySlice<UInt8>) throws -> JSONValue? {
        let digits = block.dropFirst("retry: ".utf8.count)
        guard let number = Int(String(decoding: digits, as: UTF8.self)), (1_000...6_000).contains(number),
            "\(number)".utf8.elementsEqual(digits)
        else { throw Violation("a `retry` is not a number from 1000 to 6000 [SSE-22]", block) }
        isEnding = true
        return nil
    }

    private mutating func event(_ lines: ArraySlice<ArraySlice<UInt8>>, _ block: ArraySlice<UInt8>) throws -> JSONValue
    {
        let cursor = try cursor(lines[lines.startIndex], block)
        guard hasPosition else { throw Violation("an event came before the position or a gap [BRW-102]", block) }
        let name = "data: "
        let data = try lines.dropFirst().map { line in
            guard line.begins(with: "data: ") else {
                throw Violation("an event has a line that is not `data: …` [SSE-18]", block)
            }
            return line.dropFirst(name.utf8.count)
        }
        return Item.event(Item.data(Array(data.joined(separator: [UInt8(ascii: "\n")]))), cursor: cursor)
    }

    /// A block that is no event, but has a name.
    private mutating func mark(_ block: ArraySlice<UInt8>) throws -> JSONValue {
        let (gap, closed) = ("event: gap\nid: ", "event: closed\ndata: ")
        if block.elementsEqual("event: replaced\ndata: ".utf8) {
            isOver = true
            return Item.closed("replaced")
        }
        if block.begins(with: "event: closed\ndata: ") {
            let reason = block.dropFirst(closed.utf8.count)
            guard !reason.contains(UInt8(ascii: "\n")) else {
                throw Violation("the block `closed` has more than one line of data [SSE-21]", block)
            }
            isOver = true
            return Item.closed("closed", reason: String(decoding: reason, as: UTF8.self))
        }
        let end = "\ndata: "
        guard block.begins(with: "event: gap\nid: "), block.suffix(end.utf8.count).elementsEqual(end.utf8) else {
            throw Violation("the block is none of gap, replaced and closed as they are written [SSE-19]", block)
        }
        hasPosition = true
        let cursor = block.dropFirst(gap.utf8.count).dropLast(end.utf8.count)
        guard Cursor.isValid(cursor) else {
            throw Violation("the cursor has not 1 to 64 of its characters [BRW-94]", block)
        }
        return Item.gap(cursor: String(decoding: cursor, as: UTF8.self))
    }

    private func cursor(_ line: ArraySlice<UInt8>, _ block: ArraySlice<UInt8>) throws -> String {
        let name = "id: "
        guard line.begins(with: "id: ") else {
            throw Violation("the block does not begin with `id: C` [SSE-18]", block)
        }
        let cursor = line.dropFirst(name.utf8.count)
        guard Cursor.isValid(cursor) else {
            throw Violation("the cursor has not 1 to 64 of its characters [BRW-94]", block)
        }
        return String(decoding: cursor, as: UTF8.self)
    }
}
