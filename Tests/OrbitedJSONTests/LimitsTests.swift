import OrbitedJSON
import Testing

@Suite("Limits of reading")
struct LimitsTests {
    private func nested(_ depth: Int, open: String = "[", close: String = "]") -> String {
        String(repeating: open, count: depth) + "0" + String(repeating: close, count: depth)
    }

    @Test("a text as long as the limit is read, a longer one is not")
    func size() throws {
        let limits = JSONLimits(maximumSize: 4)
        #expect(try JSON.parse("[12]", limits: limits) == [12])
        let error = #expect(throws: JSONError.self) { try JSON.parse("[123]", limits: limits) }
        #expect(error?.code == .tooLarge)
        #expect(error?.description == "JSON can't be read at line 1, column 1: the text has 5 bytes, and 4 are allowed")
    }

    @Test("one MiB is allowed by default")
    func defaultSize() throws {
        let text = "\"" + String(repeating: "a", count: (1 << 20) - 2) + "\""
        #expect(try JSON.parse(text).stringValue?.utf8.count == (1 << 20) - 2)
        let error = #expect(throws: JSONError.self) { try JSON.parse(text + " ") }
        #expect(error?.code == .tooLarge)
    }

    @Test("a text as deep as the limit is read, a deeper one is not", arguments: [1, 64, 1_024])
    func depth(levels: Int) throws {
        let limits = JSONLimits(maximumDepth: levels)
        #expect(try JSON.parse(nested(levels), limits: limits).compact == nested(levels))
        let objects = nested(levels, open: "{\"[\":", close: "}")
        #expect(try JSON.parse(objects, limits: limits).compact == objects)
        let error = #expect(throws: JSONError.self) { try JSON.parse(nested(levels + 1), limits: limits) }
        #expect(error?.code == .tooDeep)
        #expect(error?.line == 1)
        #expect(error?.column == levels + 1)
        #expect(error?.offset == levels + 1)
    }

    @Test("without depth, only a scalar is read")
    func noDepth() throws {
        #expect(try JSON.parse("1", limits: JSONLimits(maximumDepth: 0)) == 1)
        #expect(throws: JSONError.self) { try JSON.parse("[]", limits: JSONLimits(maximumDepth: 0)) }
    }

    @Test("a hundred thousand brackets are refused at the 65th", arguments: ["[", "{\"a\":"])
    func manyBrackets(bracket: String) {
        let error = #expect(throws: JSONError.self) { try JSON.parse(String(repeating: bracket, count: 100_000)) }
        #expect(error?.code == .tooDeep)
        #expect(error?.column == 64 * bracket.utf8.count + 1)
    }

    @Test("brackets in strings are no depth, nor are brackets side by side")
    func notNested() throws {
        let brackets = String(repeating: "[{", count: 1_000)
        #expect(try JSON.parse("[\"\\\"\(brackets)\\\\\",\"\(brackets)\"]").arrayValue?.count == 2)
        let siblings = "[" + Array(repeating: "[]", count: 1_000).joined(separator: ",") + "]"
        #expect(try JSON.parse(siblings).arrayValue?.count == 1_000)
    }

    @Test("the deepest level of several lines is named by line and column")
    func place() {
        let error = #expect(throws: JSONError.self) {
            try JSON.parse("[\n\"é\",\n \"ö\", [", limits: JSONLimits(maximumDepth: 1))
        }
        #expect(error?.line == 3)
        #expect(error?.column == 7)
        #expect(error?.offset == 16)
    }
}
