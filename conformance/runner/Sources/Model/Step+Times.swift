extension Step {
    /// The step as often as its member `times` says, with `${index}` counting up from 1 and `${countdown}` down to 1.
    package var repetitions: [Step] {
        guard let times = members["times"]?.number.flatMap({ Int(exactly: $0) }), times > 0 else { return [self] }
        var once = self
        once.members["times"] = nil
        return (1...times).map { once.numbered($0, of: times) }
    }

    private func numbered(_ index: Int, of times: Int) -> Step {
        func number(_ value: JSONValue) -> JSONValue {
            switch value {
            case .null, .bool, .number: value
            case .string(let text):
                .string(
                    text.replacing("${index}", with: "\(index)").replacing("${countdown}", with: "\(times + 1 - index)")
                )
            case .array(let items): .array(items.map(number))
            case .object(let members): .object(members.mapValues(number))
            }
        }
        return Step(verb, number(subject), members.mapValues(number))
    }
}
