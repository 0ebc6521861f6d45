extension Case {
    /// Reads a case.
    ///
    /// - Throws: ``UsageError`` that names the member which is missing or wrong.
    package init(_ value: JSONValue, kind: Kind, file: String) throws {
        guard let members = value.object else { throw UsageError("\(file): a case is not an object") }
        guard let id = members["id"]?.string, !id.isEmpty else {
            throw UsageError("\(file): a case has no id: \(value.text.prefix(100))")
        }
        let reader = Reader(members: members, place: "\(file): \(id)")
        try reader.checkNames()
        self.init(
            kind: kind, file: file, id: id,
            requirements: try reader.texts("requirements"),
            level: try reader.level(),
            quote: try reader.text("quote"),
            description: try reader.text("description"),
            features: try reader.texts("features"),
            settings: try reader.settings(),
            variations: try reader.variations(),
            isCut: try reader.flag("cuts", default: true),
            isAlone: try reader.flag("alone", default: false),
            steps: try reader.steps())
    }

    /// Reads the members of one case.
    private struct Reader {
        static let names: Set<String> = [
            "id", "requirements", "level", "quote", "description", "features", "settings", "for", "cuts", "alone",
            "steps",
        ]

        let members: [String: JSONValue]
        let place: String

        func fault(_ text: String) -> UsageError { UsageError("\(place): \(text)") }

        func checkNames() throws {
            if let name = members.keys.filter({ !Self.names.contains($0) }).min() {
                throw fault("there is no member \(name) of cases; see conformance/cases/README.md")
            }
        }

        func text(_ name: String) throws -> String {
            guard let value = members[name] else { return "" }
            guard let text = value.string else { throw fault("\(name) is not text") }
            return text
        }

        func texts(_ name: String) throws -> [String] {
            guard let value = members[name] else { return [] }
            return try texts(value, name)
        }

        func texts(_ value: JSONValue, _ name: String) throws -> [String] {
            guard let items = value.array else { throw fault("\(name) is not a list") }
            return try items.map { item in
                guard let text = item.string else { throw fault("\(name) holds something that is not text") }
                return text
            }
        }

        func level() throws -> Level {
            guard let level = Level(rawValue: try text("level")) else {
                throw fault("level is not one of \(Level.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return level
        }

        func flag(_ name: String, default value: Bool) throws -> Bool {
            guard let member = members[name] else { return value }
            guard let flag = member.bool else { throw fault("\(name) is neither true nor false") }
            return flag
        }

        /// Values are text, numbers, switches, or contents of files.
        func settings() throws -> [String: String] {
            guard let value = members["settings"] else { return [:] }
            guard let settings = value.object else { throw fault("settings is not an object") }
            return try settings.reduce(into: [:]) { result, setting in
                switch setting.value {
                case .string(let text): result[setting.key] = text
                case .number: result[setting.key] = setting.value.text
                case .bool(let value): result[setting.key] = value ? "1" : "0"
                case .object(let members) where members.count == 1 && members["file"]?.string != nil:
                    result[setting.key] = members["file"]?.string
                default: throw fault("the setting \(setting.key) is neither text, a number, a switch nor a file")
                }
            }
        }

        func variations() throws -> [String: [String]] {
            guard let value = members["for"] else { return [:] }
            guard let lists = value.object else { throw fault("for is not an object") }
            return try lists.reduce(into: [:]) { result, list in
                let values = try texts(list.value, "for.\(list.key)")
                guard !values.isEmpty else { throw fault("for.\(list.key) has no values") }
                result[list.key] = values
            }
        }

        func steps() throws -> [Step] {
            guard let values = members["steps"]?.array, !values.isEmpty else { throw fault("it has no steps") }
            return try values.enumerated().map { index, value in
                guard let step = Step(value) else { throw fault("step \(index + 1) has no verb: \(value.text)") }
                if let text = step.fault { throw fault("step \(index + 1): \(text)") }
                return step
            }
        }
    }
}
