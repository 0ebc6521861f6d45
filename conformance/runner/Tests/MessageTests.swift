import Testing

@testable import OrbitedConformance

@Suite("Replies and notices")
struct MessageTests {
    private func read(_ text: String) -> [Result<[Message], any Error>] {
        outcomes(Array(text.utf8)) {
            var rest: ArraySlice<UInt8> = []
            return { piece, _ in
                rest += piece
                var messages: [Message] = []
                while let message = try Message(readingFrom: &rest) { messages.append(message) }
                return messages
            }
        }
    }

    @Test("are read however they are cut")
    func cut() throws {
        let outcomes = read(
            "Success\r\nid: 7\r\n\r\nFailure\r\nID: a: b\r\nunreached: 1\r\nunreached: 2\r\n\r\n"
                + "Success\r\nid: é\r\nlength: 6\r\nkeys: 1\r\n\r\n\r\n\r\nxySuccess\r\n\r\n")
        for outcome in outcomes {
            #expect(
                try outcome.get().map(\.value.text) == [
                    #"{"headers":{"id":"7"},"word":"Success"}"#,
                    #"{"headers":{"id":"a: b","unreached":["1","2"]},"word":"Failure"}"#,
                    #"{"body":"\r\n\r\nxy","headers":{"id":"é","keys":"1","length":"6"},"word":"Success"}"#,
                    #"{"headers":{},"word":"Success"}"#,
                ])
        }
    }

    @Test(
        "that are malformed are told",
        arguments: [
            "HTTP/1.1 200 OK\r\n\r\n", "1\r\n\r\n", "\r\n\r\n", "Success\nid: 7\r\n\r\n", "Success\r\nid: 7\n\r\n\r\n",
            "Success\r\nid:7\r\n\r\n", "Success\r\n: 7\r\n\r\n", "Success\r\nid: a\rb\r\n\r\n",
            "Success\r\na b: 7\r\n\r\n",
            "Success\r\nlength: -1\r\n\r\n", "Success\r\nlength: 1\r\nlength: 1\r\n\r\n", "Success\r\nlength: \r\n\r\n",
        ])
    func malformed(text: String) {
        for outcome in read(text) { #expect(throws: Violation.self) { try outcome.get() } }
    }

    @Test("have values that may begin with what combines with the blank before it")
    func combining() throws {
        for outcome in read("Success\r\nid: \u{301}a\r\n\r\n") {
            #expect(try outcome.get().map(\.headers) == [[Frame.Header(name: "id", value: "\u{301}a")]])
        }
    }

    @Test("that are not UTF-8 are told")
    func invalid() {
        var bytes = (Array("Success\r\nid: ".utf8) + [0xFF, 13, 10, 13, 10])[...]
        #expect(throws: Violation.self) { try Message(readingFrom: &bytes) }
    }
}
