/// All keys that have certain fields: `*, *, /chat`, say, for every key of the location `/chat`. [CTL-111]
public struct KeyPattern: Hashable, Sendable {
    static let star = UInt8(ascii: "*")

    /// `*, *, *`
    public static let everything = KeyPattern(user: nil, session: nil, location: nil)

    /// The user that a key must have; nil if any will do.
    public let user: [UInt8]?
    /// The session that a key must have; nil if any will do.
    public let session: [UInt8]?
    /// The location that a key must have; nil if any will do.
    public let location: [UInt8]?

    private init(user: [UInt8]?, session: [UInt8]?, location: [UInt8]?) {
        (self.user, self.session, self.location) = (user, session, location)
    }

    /// Reads the value of a `recipient` header; nil if it is a plain key.
    ///
    /// - Throws: ``ConnectionKeyError`` if it is neither.
    init?(_ line: UnsafeRawBufferPointer) throws(ConnectionKeyError) {
        let shape = try KeyShape(line, allowsPattern: true)
        guard shape.isASCII || String(validating: line, as: UTF8.self) != nil else { throw .notUTF8 }
        func field(_ range: Range<Int>) -> [UInt8]? {
            range.count == 1 && line[range.lowerBound] == Self.star ? nil : [UInt8](line[range])
        }
        (user, session, location) = (field(shape.user), field(shape.session), field(shape.location))
        if user != nil, session != nil, location != nil { return nil }
    }

    /// Reads a pattern from text such as `*, *, /chat`; nil if it is a plain key.
    ///
    /// - Throws: ``ConnectionKeyError`` if it is neither.
    public init?(_ text: String) throws(ConnectionKeyError) {
        var text = text
        let result: Result<KeyPattern?, ConnectionKeyError> = text.withUTF8 { bytes in
            do throws(ConnectionKeyError) {
                return .success(try KeyPattern(UnsafeRawBufferPointer(bytes)))
            } catch {
                return .failure(error)
            }
        }
        guard let pattern = try result.get() else { return nil }
        self = pattern
    }

    /// How many bytes its fields have.
    public var byteCount: Int { [user, session, location].reduce(0) { $0 + ($1?.count ?? 1) } }

    /// Whether it stands for the key.
    public func matches(_ key: ConnectionKey) -> Bool {
        Self.fits(location, key.locationBytes) && Self.fits(user, key.userBytes)
            && Self.fits(session, key.sessionBytes)
    }

    private static func fits(_ wanted: [UInt8]?, _ field: @autoclosure () -> ArraySlice<UInt8>) -> Bool {
        guard let wanted else { return true }
        let field = field()
        return wanted.count == field.count && wanted.elementsEqual(field)
    }
}

extension KeyPattern: CustomStringConvertible {
    /// The wire form.
    public var description: String {
        [user, session, location].map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "*" }.joined(separator: ", ")
    }
}
