internal import CJansson

/// A tree that libjansson has built of a text, released with this value.
struct JanssonDocument: ~Copyable {
    private let root: UnsafeMutablePointer<json_t>

    /// Reads `bytes`, which have passed `Prescan`, without loss: a name that occurs twice in one object and integers
    /// beyond 64 bits are refused.
    init(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
        guard let start = bytes.assumingMemoryBound(to: CChar.self).baseAddress, !bytes.isEmpty else {
            throw JSONError(.truncated, "the text is empty", atEndOf: bytes)
        }
        var error = json_error_t()
        let flags = JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES
        guard let root = json_loadb(start, bytes.count, Int(flags), &error) else { throw JSONError(error) }
        self.root = root
    }

    /// Whether `bytes`, which have passed `Prescan`, are JSON, be it with a name twice or with integers of any size.
    static func canRead(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let start = bytes.assumingMemoryBound(to: CChar.self).baseAddress else { return false }
        let flags = JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL
        guard let root = json_loadb(start, bytes.count, Int(flags), nil) else { return false }
        json_decref(root)
        return true
    }

    deinit { json_decref(root) }

    /// The whole tree as a value of ours.
    func value() -> JSON { JSON(root) }
}

extension JSON {
    fileprivate init(_ node: UnsafeMutablePointer<json_t>) {
        switch node.pointee.type {
        case JSON_OBJECT: self = .object(JSONObject(node))
        case JSON_ARRAY: self = .array(JSON.elements(of: node))
        case JSON_STRING: self = .string(String(json_string_value(node), count: json_string_length(node)))
        case JSON_INTEGER: self = .integer(json_integer_value(node))
        // libjansson has refused what overflows.
        case JSON_REAL: self = .number(FiniteDouble(floatLiteral: json_real_value(node)))
        case JSON_TRUE: self = true
        case JSON_FALSE: self = false
        default: self = .null
        }
    }

    private static func elements(of node: UnsafeMutablePointer<json_t>) -> [JSON] {
        (0..<json_array_size(node)).compactMap { json_array_get(node, $0).map(JSON.init) }
    }
}

extension JSONObject {
    fileprivate init(_ node: UnsafeMutablePointer<json_t>) {
        self.init()
        reserveCapacity(json_object_size(node))
        var next = json_object_iter(node)
        while let member = next, let value = json_object_iter_value(member) {
            set(String(json_object_iter_key(member), count: json_object_iter_key_len(member)), to: JSON(value))
            next = json_object_iter_next(node, member)
        }
    }
}

extension String {
    /// The `count` bytes of UTF-8 at `start`, which libjansson has checked.
    fileprivate init(_ start: UnsafePointer<CChar>?, count: Int) {
        self.init(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
