/// What has a deadline, the earliest first: a binary heap whose members know their places, so that each can leave it.
struct Deadlines {
    private var heap: [Wait] = []

    /// The earliest.
    var first: Wait? { heap.first }

    /// Adds one, unless it is never over.
    mutating func add(_ wait: Wait) {
        guard wait.deadline < .never else { return }
        heap.append(wait)
        wait.place = heap.count - 1
        rise(from: wait.place)
    }

    /// Removes one, if it is in here.
    mutating func remove(_ wait: Wait) {
        let place = wait.place
        guard place >= 0 else { return }
        wait.place = -1
        let last = heap.removeLast()
        guard last !== wait else { return }
        put(last, at: place)
        rise(from: place)
        sink(from: last.place)
    }

    private mutating func rise(from start: Int) {
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard heap[place].deadline < heap[parent].deadline else { return }
            swap(place, parent)
            place = parent
        }
    }

    private mutating func sink(from start: Int) {
        var place = start
        while true {
            var child = 2 * place + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, heap[child + 1].deadline < heap[child].deadline { child += 1 }
            guard heap[child].deadline < heap[place].deadline else { return }
            swap(place, child)
            place = child
        }
    }

    private mutating func swap(_ one: Int, _ other: Int) {
        heap.swapAt(one, other)
        heap[one].place = one
        heap[other].place = other
    }

    private mutating func put(_ wait: Wait, at place: Int) {
        heap[place] = wait
        wait.place = place
    }
}
