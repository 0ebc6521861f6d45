/// Does something with each of the items, with so many of them at a time, in their order.
func forEach<Item: Sendable>(
    _ items: [Item], atATime width: Int, _ work: @escaping @Sendable (Item) async throws -> Void
) async rethrows {
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        for (index, item) in items.enumerated() {
            if index >= max(width, 1) { try await tasks.next() }
            tasks.addTask { try await work(item) }
        }
        try await tasks.waitForAll()
    }
}
