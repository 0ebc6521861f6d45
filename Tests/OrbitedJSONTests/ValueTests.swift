import OrbitedJSON
import Testing

@Suite("JSON values")
struct ValueTests {
    @Test("objects are equal whatever the order of their members, arrays are not")
    func order() {
        #expect(["a": 1, "b": [2]] as JSON == ["b": [2], "a": 1])
        #expect([1, 2] as JSON != [2, 1])
        #expect(["a": 1] as JSON != ["a": 1, "b": 2])
        #expect(["a": 1] as JSON != ["b": 1])
    }

    @Test("strings are equal only byte for byte")
    func strings() {
        #expect("\u{e9}" as JSON != "e\u{301}")
        #expect(["\u{e9}": 1] as JSON != ["e\u{301}": 1])
        #expect("é" as JSON == "é")
    }

    @Test("values of different kinds differ", arguments: [nil, false, 0, 0.0, "", [], [:]] as [JSON])
    func kinds(value: JSON) {
        let all: [JSON] = [nil, false, 0, 0.0, "", [], [:]]
        #expect(all.count { $0 == value } == 1)
    }

    @Test("setting a name again keeps its place")
    func setting() {
        var object: JSONObject = ["a": 1, "b": 2]
        object.set("a", to: 3)
        object.set("c", to: 4)
        #expect(object.members.map(\.name) == ["a", "b", "c"])
        #expect(object["a"] == 3)
        #expect(object["c"] == 4)
        #expect(object["d"] == nil)
    }

    @Test("a null member is there, an absent one is not")
    func null() {
        let value: JSON = ["a": nil]
        #expect(value["a"]?.isNull == true)
        #expect(value["b"] == nil)
    }

    @Test("each part of a value is had by its kind, and by no other")
    func access() {
        let value: JSON = ["b": true, "i": 7, "n": 1.5, "s": "x", "a": [1, 2]]
        #expect(value["b"]?.booleanValue == true)
        #expect(value["i"]?.integerValue == 7)
        #expect(value["i"]?.doubleValue == 7)
        #expect(value["n"]?.doubleValue == 1.5)
        #expect(value["n"]?.integerValue == nil)
        #expect(value["s"]?.stringValue == "x")
        #expect(value["a"]?[1] == 2)
        #expect(value["a"]?[2] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["s"]?["x"] == nil)
        #expect(value["i"]?.booleanValue == nil)
        #expect(value["i"]?.stringValue == nil)
        #expect(value["s"]?.doubleValue == nil)
    }
}
