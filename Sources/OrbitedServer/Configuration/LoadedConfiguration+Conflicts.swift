extension Setting.ID {
    static let httpHost = Setting.ID(section: .global, key: "http.host")
    static let controlHost = Setting.ID(section: .global, key: "op.host")
    static let controlPort = Setting.ID(section: .global, key: "op.port")
    static let adminHost = Setting.ID(section: .admin, key: "host")
    static let adminPort = Setting.ID(section: .admin, key: "port")
    static let callbackSecret = Setting.ID(section: .callbacks, key: "secret_file")
    static let proxyEnabled = Setting.ID(section: .global, key: "proxy.enabled")
}

extension LoadedConfiguration {
    /// What is wrong with values that are each good by themselves, a sentence each.
    var conflicts: [String] {
        [
            exposure(.httpHost, configuration.http.host),
            exposure(.controlHost, configuration.control.host),
            configuration.admin.enabled ? exposure(.adminHost, configuration.admin.host) : nil,
            portConflict,
            adminPortConflict,
            proxyWithoutRules,
            callbackSecretFault,
        ].compactMap(\.self) + proxyLoops
    }

    /// Without authentication, an open port is open to everyone who can reach it.
    private func exposure(_ id: Setting.ID, _ host: String) -> String? {
        guard !configuration.remoteAllowed, ListenHost(host)?.isLoopback != true else { return nil }
        return "\(subject(id)) is \(host.quoted), which other machines may reach, and nobody is asked who they are: "
            + "if a firewall or a proxy keeps strangers out, allow it with remote.allowed = 1 in [global], "
            + "--remote-allowed 1 or ORBITED_REMOTE_ALLOWED=1; else use 127.0.0.1"
    }

    /// Two listeners can't share a port; with port 0 each gets its own.
    private var portConflict: String? {
        let (http, control) = (configuration.http, configuration.control)
        guard http.port == control.port, http.port != 0,
            let httpHost = ListenHost(http.host), let controlHost = ListenHost(control.host),
            httpHost.overlaps(controlHost)
        else { return nil }
        return "\(subject(.controlPort)) is \(control.port), and so is http.port: "
            + "browsers and web applications need a port each"
    }

    private var adminPortConflict: String? {
        let admin = configuration.admin
        let others = [
            ("http.port", configuration.http.host, configuration.http.port),
            ("op.port", configuration.control.host, configuration.control.port),
        ]
        guard admin.enabled, admin.port != 0, let own = ListenHost(admin.host) else { return nil }
        let same = others.first { _, host, port in port == admin.port && ListenHost(host)?.overlaps(own) == true }
        return same.map { name, _, _ in
            "\(subject(.adminPort)) is \(admin.port), and so is \(name): each listener needs a port of its own"
        }
    }

    /// A proxy that was asked for and has nowhere to go.
    private var proxyWithoutRules: String? {
        guard configuration.proxy.enabled, rules.isEmpty else { return nil }
        return "\(subject(.proxyEnabled)) is 1, and there are no proxy rules: "
            + "add one, such as \"/ -> http://127.0.0.1:4700\", under [proxy] or with --proxy"
    }

    /// A secret that was written for Standard Webhooks, and not well.
    private var callbackSecretFault: String? {
        guard let secret = configuration.callbacks.secret, secret.callbackKey == nil else { return nil }
        return "\(subject(.callbackSecret)) is \(secret.path.quoted), which begins with whsec_: "
            + "what follows must be base64"
    }

    /// Rules that lead back to the server itself, where each request would go round until its head is too large.
    private var proxyLoops: [String] {
        let http = configuration.http
        return rules.compactMap { rule in
            guard case .application(let application) = rule.rule.target, application.port == http.port,
                let target = ListenHost(application.host), let own = ListenHost(http.host), target.overlaps(own)
            else { return nil }
            return "\(rule.origin): \(rule.text.quoted) leads back to Orbited itself: "
                + "write the address of your application, or ORBITED for events"
        }
    }

    private func subject(_ id: Setting.ID) -> String { origin(of: id).subject(id.key) }
}
