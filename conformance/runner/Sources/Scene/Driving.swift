/// The calls of a trial to its adapter.
struct Driving {
    /// A call, as far as the suite knows it.
    struct Call {
        var number: Int
        /// Whether a step has seen how it ended.
        var hasResult = false
    }

    /// By the names that the case gives them.
    var calls: [String: Call] = [:]
}
