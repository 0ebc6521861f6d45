/// What names recipients: text, a key, a pattern, a ``Recipient``, or an array or set of those.
///
///     try await orbit.event(to: "michael, 0, /chat", json: 1)
///     try await orbit.event(to: ["*, *, /chat", "michael, 0, /news"], json: 1)
public protocol RecipientConvertible: Sendable {
    /// The recipients, in their order.
    ///
    /// - Throws: ``OrbitedError/Kind/invalidRecipient``.
    func recipients() throws(OrbitedError) -> [Recipient]
}

extension Recipient: RecipientConvertible {
    /// The recipient itself.
    public func recipients() -> [Recipient] { [self] }
}

extension ConnectionKey: RecipientConvertible {
    /// The key as a recipient.
    public func recipients() -> [Recipient] { [.key(self)] }
}

extension KeyPattern: RecipientConvertible {
    /// The pattern as a recipient.
    public func recipients() -> [Recipient] { [.pattern(self)] }
}

extension String: RecipientConvertible {
    /// The recipient that the text is.
    public func recipients() throws(OrbitedError) -> [Recipient] { [try Recipient(self)] }
}

extension Array: RecipientConvertible where Element: RecipientConvertible {
    /// All of all elements.
    public func recipients() throws(OrbitedError) -> [Recipient] { try all(of: self) }
}

extension Set: RecipientConvertible where Element: RecipientConvertible {
    /// All of all elements, in any order.
    public func recipients() throws(OrbitedError) -> [Recipient] { try all(of: self) }
}

private func all<Elements>(of elements: Elements) throws(OrbitedError) -> [Recipient]
where Elements: Collection, Elements.Element: RecipientConvertible {
    var all: [Recipient] = []
    all.reserveCapacity(elements.count)
    for element in elements { all += try element.recipients() }
    return all
}
