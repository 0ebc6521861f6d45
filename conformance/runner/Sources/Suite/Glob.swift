/// A pattern for names: `*` stands for any text, `?` for one character, and all others for themselves.
package struct Glob: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    /// Whether the pattern is the whole name.
    package func matches(_ name: String) -> Bool {
        let pattern = Array(text)
        let name = Array(name)
        var (at, position) = (0, 0)
        // Where the last star was, and how much of the name it has taken.
        var star: (at: Int, position: Int)?
        while position < name.count {
            if at < pattern.count, pattern[at] == "*" {
                star = (at, position)
                at += 1
            } else if at < pattern.count, pattern[at] == "?" || pattern[at] == name[position] {
                at += 1
                position += 1
            } else if let last = star {
                star = (last.at, last.position + 1)
                at = last.at + 1
                position = last.position + 1
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == "*" }
    }
}
