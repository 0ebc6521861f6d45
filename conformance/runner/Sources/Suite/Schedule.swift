/// Which trials share a server, and how many of them are run at a time.
struct Schedule: Sendable {
    /// Where servers come from.
    enum Servers: Sendable {
        /// The suite starts them, as many as are needed.
        case started
        /// There is one, for all.
        case given
        /// There is none: the suite itself plays the server.
        case none
    }

    /// Trials that share a server.
    struct Group: Sendable {
        var settings: [String: String] = [:]
        /// Whether the trials themselves may end the server.
        var mayEndServer = false
        /// How many trials are run at a time.
        var width: Int
        var trials: [Trial] = []
    }

    /// In the order in which they are begun.
    let groups: [Group]
    /// How many groups are under way at a time.
    let width: Int

    /// More servers than these do not run at a time.
    private static let mostServers = 6

    /// - Parameters:
    ///   - trials: in the order in which they are to be run, as far as their groups allow it.
    ///   - parallel: how many trials are run at a time.
    init(_ trials: [Trial], servers: Servers, parallel: Int) {
        var shared: [Key: Group] = [:]
        var order: [Key] = []
        var alone: [Group] = []
        for trial in trials {
            if trial.needsServerOfItsOwn, servers != .none {
                alone.append(
                    Group(
                        settings: trial.theCase.settings, mayEndServer: trial.endsServer, width: 1, trials: [trial]))
                continue
            }
            let key =
                servers == .none ? Key() : Key(realm: trial.theCase.realm, settings: trial.theCase.settings)
            if shared[key] == nil {
                order.append(key)
                shared[key] = Group(
                    settings: key.settings, width: trial.theCase.isSerial && servers != .none ? 1 : parallel)
            }
            shared[key]?.trials.append(trial)
        }
        // Where there is one server only, those come first that want it without the sessions of others.
        let isFirst = servers == .given ? Self.isQuieter : { $0.trials.count > $1.trials.count }
        groups = order.compactMap { shared[$0] }.sorted(by: isFirst) + alone
        width = servers == .started ? min(Self.mostServers, max(parallel, 1)) : 1
    }

    private static func isQuieter(_ one: Group, _ other: Group) -> Bool { rank(of: one) < rank(of: other) }

    private static func rank(of group: Group) -> Int {
        guard let theCase = group.trials.first?.theCase, !theCase.realm.isEmpty else { return 2 }
        return theCase.isSerial ? 1 : 0
    }

    private struct Key: Hashable {
        var realm = ""
        var settings: [String: String] = [:]
    }
}

extension Trial {
    /// Whether nothing else may run on its server.
    var needsServerOfItsOwn: Bool {
        theCase.isAlone || endsServer
    }

    /// Whether the server's end is what its steps are about; that of any other trial is a fault.
    var endsServer: Bool {
        theCase.steps.contains { $0.verb == .server || $0.verb == .exited }
    }
}
