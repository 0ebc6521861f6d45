import NIOCore

extension ByteBufferView {
    /// Whether these bytes stand in it somewhere.
    func holds(_ wanted: String.UTF8View) -> Bool {
        guard let first = wanted.first else { return true }
        var rest = self[...]
        while let found = rest.firstIndex(of: first) {
            if self[found...].starts(with: wanted) { return true }
            rest = self[(found + 1)...]
        }
        return false
    }
}
