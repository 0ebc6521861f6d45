/// What a peer must not send, in one sentence, and what it sent.
struct Violation: Error, Hashable {
    var sentence: String
    var got: String

    init(_ sentence: String, _ got: String = "") {
        self.sentence = sentence
        self.got = got
    }

    init(_ sentence: String, _ bytes: some Collection<UInt8>) { self.init(sentence, readable(bytes)) }

    /// What a reader has thrown, which throws nothing else.
    init(_ error: any Error) { self = error as? Violation ?? Violation("\(error)") }

    /// Both in one line.
    var inWords: String { got.isEmpty ? sentence : "\(sentence): \(got)" }
}
