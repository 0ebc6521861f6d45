extension Setting {
    /// Section [callbacks]: what the application is told by requests of the server's own.
    static let callbacks: [Setting] = [
        Setting(
            .callbacks, "signon", .callbackURL, \.callbacks.signon,
            "The URL of the application that is told when a session begins."),
        Setting(
            .callbacks, "signoff", .callbackURL, \.callbacks.signoff,
            "The URL of the application that is told when a session has ended."),
        Setting(
            .callbacks, "failure", .callbackURL, \.callbacks.failure,
            "The URL of the application that is told which recipients an event did not reach."),
        Setting(
            .callbacks, "secret_file", .secretFile, \.callbacks.secret,
            "A file with the secret that these requests are signed with; a Standard Webhooks secret may begin with "
                + "whsec_."),
        Setting(
            .callbacks, "connections", .count(1...64, "connections"), \.callbacks.connections,
            "How many of these requests are under way at once."),
        Setting(
            .callbacks, "timeout", .someSeconds, \.callbacks.timeout,
            "How long the application may take to answer one."),
        Setting(
            .callbacks, "patience", .seconds, \.callbacks.patience,
            "How long one is tried again before it is dropped."),
    ]
}
