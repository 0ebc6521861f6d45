/// The reports of one turn of a shard, gathered so that each sink hears once.
struct ReportBatch {
    private var batches: [(sink: any ReceiptSink, reports: [Report])] = []

    /// The event has so many more recipients than were counted until now, or less. Those that come on top come before
    /// their fates.
    mutating func add(opened count: Int, of event: Event) {
        update(event) { $0.opened += count }
    }

    /// So many more recipients of the event were reached.
    mutating func add(reached count: Int, of event: Event) {
        update(event) { $0.reached += count }
    }

    /// One more recipient of the event was not reached.
    mutating func add(_ fate: Unreached, of event: Event) {
        update(event) { $0.unreached.append(fate) }
    }

    /// Changes the event's report, which is the last one of its sink as long as one event is dealt with.
    private mutating func update(_ event: Event, _ change: (inout Report) -> Void) {
        let batch: Int
        if let known = batches.lastIndex(where: { $0.sink === event.sink }) {
            batch = known
        } else {
            batch = batches.count
            batches.append((event.sink, []))
        }
        if batches[batch].reports.last?.number != event.number {
            batches[batch].reports.append(Report(number: event.number))
        }
        change(&batches[batch].reports[batches[batch].reports.count - 1])
    }

    var isEmpty: Bool { batches.isEmpty }

    /// Takes all batches out, so that what the sinks cause in the shard goes into the next ones.
    mutating func take() -> [(sink: any ReceiptSink, reports: [Report])] {
        var leaving: [(sink: any ReceiptSink, reports: [Report])] = []
        swap(&leaving, &batches)
        return leaving
    }
}
