/// What is wrong with how the suite was called, or with its files, and what to do about it.
package struct UsageError: Error, Hashable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
