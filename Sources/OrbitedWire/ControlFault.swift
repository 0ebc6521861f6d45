/// What a peer did wrong on the control wire: a code and the sentence that goes with it.
public struct ControlFault: Error, Hashable, Sendable {
    /// The code, from the registry.
    public let code: ControlCode
    /// One plain sentence, without a full stop; the `msg` of the reply.
    public let message: String

    /// Creates a fault with the registry's sentence.
    ///
    /// - Parameters:
    ///   - code: the code.
    ///   - limit: the number that takes the place of `{limit}` in the sentence.
    public init(_ code: ControlCode, limit: Int? = nil) {
        self.code = code
        self.message = limit.map { code.message.replacing("{limit}", with: "\($0)") } ?? code.message
    }
}

/// A frame that could not be taken.
public struct ControlFailure: Hashable, Sendable {
    /// The frame's id, if it could be read.
    public let id: String?
    /// What was wrong first.
    public let fault: ControlFault
    /// Whether the frame's end can't be found, so that the connection has to close.
    public let closes: Bool

    /// Creates a failure.
    public init(id: String?, fault: ControlFault, closes: Bool) {
        self.id = id
        self.fault = fault
        self.closes = closes
    }
}
