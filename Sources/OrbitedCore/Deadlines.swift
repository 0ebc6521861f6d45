import HeapModule
import NIOCore

/// When sessions want to be looked at, earliest first. One entry a session counts; entries left behind are skipped.
struct Deadlines {
    struct Entry: Comparable {
        let time: NIODeadline
        let slot: Slot
        static func < (left: Entry, right: Entry) -> Bool { left.time < right.time }
    }

    private var heap = Heap<Entry>()

    var earliest: NIODeadline? { heap.min?.time }

    mutating func insert(_ slot: Slot, at time: NIODeadline) {
        heap.insert(Entry(time: time, slot: slot))
    }

    mutating func popDue(_ now: NIODeadline) -> Entry? {
        guard let first = heap.min, first.time <= now else { return nil }
        return heap.popMin()
    }
}
