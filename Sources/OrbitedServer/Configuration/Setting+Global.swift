import OrbitedCore

extension Setting {
    /// Section [global]: what the files of 2007 held, and what concerns the whole server.
    static let global: [Setting] = [
        Setting(
            .global, "http.port", .port, \.http.port,
            "The port for browsers; 0 lets the system choose one, which is logged."),
        Setting(
            .global, "http.host", .host, \.http.host,
            "The address for browsers."),
        Setting(
            .global, "op.port", aliases: ["orbit.port"], .port, \.control.port,
            "The port for web applications; 0 lets the system choose one, which is logged."),
        Setting(
            .global, "op.host", .host, \.control.host,
            "The address for web applications."),
        Setting(
            .global, "op.secret_file", .secretFile, \.control.secret,
            "A file with the secret that web applications must show in an Auth of Orbit 1.1 before anything else."),
        Setting(
            .global, "remote.allowed", .toggle, \.remoteAllowed,
            "Whether other machines may reach a listener: there is no authentication."),
        Setting(
            .global, "loops", .count(1...1024), \.loops, defaultNote: "one a core",
            "How many event loops share the work."),
        Setting(
            .global, "proxy.enabled", .toggle, \.proxy.enabled,
            "Whether the proxy's rules count; rules switch it on unless this is set."),
        Setting(
            .global, "proxy.keepalive", .toggle, \.proxy.keepAlive,
            "Whether connections to proxied applications are kept for the next request."),
        Setting(
            .global, "proxy.keepalive_default_timeout", .someSeconds, \.proxy.keepAliveTimeout,
            "How long an idle connection to a proxied application is kept."),
        Setting(
            .global, "session.timeout", .seconds, \.session.timeout,
            "How long a session, and the events in it, wait for its browser to come back."),
        Setting(
            .global, "session.overflow", .overflowPolicy, \.session.overflow,
            "What happens if more events come than may wait for a browser: refuse the newest, drop_oldest, conflate to "
                + "the newest alone, or disconnect the browser."),
        Setting(
            .global, "session.default_key", .sessionName, \.session.defaultKey,
            "The session of a browser that names none."),
        Setting(
            .global, "event.retry_limit", .count(0...SettingBound.many, "retries"), \.session.retryLimit,
            "How often an event whose write failed half-way is tried again."),
        Setting(
            .global, "log.enabled", .toggle, \.log.enabled,
            "Whether anything is logged."),
        Setting(
            .global, "shutdown.timeout", .seconds, \.shutdownTimeout,
            "How long a stopping server waits for open connections to end by themselves."),
        Setting(
            .global, "admin.enabled", .toggle, \.admin.enabled,
            "Whether there is the HTTP control API, which takes the same requests as op.port in JSON."),
    ]
}
