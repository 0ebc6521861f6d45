/// Why a server or an adapter can't be tested at all.
package struct UnreachableError: Error, Hashable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
