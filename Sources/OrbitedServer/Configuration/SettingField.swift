extension Setting {
    /// The field that a setting sets, and the values that it takes.
    public struct Field: Sendable {
        /// What kind of value it takes, in a word: `port`, say.
        public let kind: String

        /// The unit of the value, for numbers that have one.
        public let unit: String?

        /// Which values are taken, as what follows "must be".
        public let requirement: String

        /// The default in words, where it differs from machine to machine.
        let defaultNote: String?

        /// Whether the flag may stand without a value and then means yes.
        let isSwitch: Bool

        /// What was probably meant by a text that the field does not take.
        let correction: @Sendable (String) -> String?

        private let parse: @Sendable (String) -> Parsed?
        private let read: @Sendable (Configuration) -> String

        /// What a text stands for, once it has been found good.
        struct Parsed: Sendable {
            /// Sets the field.
            let apply: @Sendable (inout Configuration) -> Void
            /// What the person who wrote the text should know.
            let advice: String?
        }

        init<Value>(
            kind: SettingKind<Value>, path: any WritableKeyPath<Configuration, Value> & Sendable, defaultNote: String?
        ) {
            self.kind = kind.name
            self.unit = kind.unit
            self.requirement = kind.requirement
            self.defaultNote = defaultNote
            self.isSwitch = Value.self == Bool.self
            self.correction = kind.correction
            self.parse = { text in
                guard let value = kind.parse(text) else { return nil }
                return Parsed(apply: { $0[keyPath: path] = value }, advice: kind.advice(text))
            }
            self.read = { kind.render($0[keyPath: path]) }
        }

        /// What `text` stands for; nil if the field does not take it.
        func parsed(_ text: String) -> Parsed? { parse(text) }

        /// The field's value in a configuration, as it would be written in a file.
        public func value(in configuration: Configuration) -> String { read(configuration) }
    }
}
