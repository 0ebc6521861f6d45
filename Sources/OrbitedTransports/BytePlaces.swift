import NIOCore

extension ByteBufferView {
    /// Where this text begins in the bytes, also where one place reaches into the next.
    func places(of text: String) -> [Int] {
        let wanted = Array(text.utf8)
        return withUnsafeBytes { bytes in
            var places: [Int] = []
            var next = 0
            while next + wanted.count <= bytes.count {
                if bytes[next] == wanted[0], bytes[next..<next + wanted.count].elementsEqual(wanted) {
                    places.append(startIndex + next)
                }
                next += 1
            }
            return places
        }
    }
}
