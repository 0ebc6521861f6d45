/// Finds the name that was probably meant.
enum NearestName {
    /// No name of ours is as long, and the time to compare grows with the length.
    private static let longest = 80

    /// The known name nearest to `name`: by the number of letters to add, drop, change or swap, if they are few; else
    /// one that `name` is the end of. Nil if none is near.
    static func name(nearest name: String, among known: [String]) -> String? {
        let letters = Array(name.lowercased().unicodeScalars.prefix(longest + 1))
        guard letters.count <= longest else { return nil }
        let few = max(2, letters.count / 4)
        let distances = known.map { (name: $0, distance: distance(letters, Array($0.lowercased().unicodeScalars))) }
        if let nearest = distances.min(by: { $0.distance < $1.distance }), nearest.distance <= few {
            return nearest.name
        }
        let bare = String(name.drop { $0 == "-" })
        return bare.isEmpty ? nil : known.first { known in [".", "-", "_"].contains { known.hasSuffix($0 + bare) } }
    }

    /// How many letters to add, drop, change or swap with their neighbour to make `b` of `a`.
    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var least = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    least = min(least, beforeLast[j - 1] + 1)
                }
                row.append(least)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
