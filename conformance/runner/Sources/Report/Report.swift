import Foundation

/// All that a run has found, as it stands in a file of JSON; `conformance/README.md` says what it means.
package struct Report: Codable, Sendable {
    /// The version of the form of the files.
    package static let currentVersion = 1

    package var format = "orbited-conformance"
    package var version = Report.currentVersion
    /// The name of the implementation.
    package var implementation: String
    /// What was tested: `server`, `client`, `browser` or `pair`; the kinds of the cases, with `+` between them.
    package var kind: String
    /// When the run began, in ISO 8601.
    package var date: String
    package var seed: UInt64
    package var seconds: Double
    package var counts: Counts
    /// The requirements of the specification that the run was made with.
    package var requirements: [Requirements.Requirement]
    package var cases: [Entry]

    /// How many trials there were of each verdict.
    package struct Counts: Codable, Sendable, Hashable {
        package var passed = 0
        package var failed = 0
        package var known = 0
        package var skipped = 0
        /// The cases that are listed as failing, and have passed.
        package var passedUnexpectedly: [String] = []
        /// How many trials were skipped for lack of each feature.
        package var lacking: [String: Int] = [:]

        /// How many trials were run.
        var ran: Int { passed + failed + known }
    }

    /// A case with its trials.
    package struct Entry: Codable, Sendable {
        package var id: String
        package var kind: String
        package var file: String
        package var level: String
        package var requirements: [String]
        package var quote: String
        package var description: String
        package var features: [String]
        package var settings: [String: String]
        /// Each step as JSON on one line.
        package var steps: [String]
        /// The worst of its trials: `failed`, `known`, `passed` or `skipped`.
        package var outcome: String
        package var trials: [Run]
    }

    /// One trial.
    package struct Run: Codable, Sendable {
        package var name: String
        package var outcome: String
        package var seconds: Double
        /// The features that are missing.
        package var lacking: [String]?
        /// What went wrong.
        package var failure: Failure?
    }

    package struct Failure: Codable, Sendable, Hashable {
        package var reason: String
        /// Which step it was, from 1.
        package var step: Int?
        package var stepText: String
        package var expected: String
        package var got: String

        init(_ difference: Difference) {
            reason = difference.reason
            step = difference.step.map { $0 + 1 }
            stepText = difference.stepText
            expected = difference.expected
            got = difference.got
        }
    }

    /// With what status the run ends; where all was skipped nothing was shown, and that is no success.
    package var status: ExitStatus {
        counts.failed == 0 && counts.passedUnexpectedly.isEmpty && counts.ran > 0 ? .passed : .failed
    }
}

extension Report {
    /// A report of these results.
    package init(
        _ results: [TrialResult], implementation: String, requirements: Requirements, known: KnownFailures,
        begun: Date, seed: UInt64, seconds: Double
    ) {
        self.implementation = implementation
        date = begun.formatted(.iso8601)
        self.seed = seed
        self.seconds = seconds
        self.requirements = requirements.sorted
        counts = Counts(results, known)
        var order: [String] = []
        let trials = Dictionary(grouping: results) { $0.trial.theCase.id }
        for result in results where order.last != result.trial.theCase.id { order.append(result.trial.theCase.id) }
        cases = order.compactMap { trials[$0].map(Entry.init) }
        kind = Set(cases.map(\.kind)).sorted().joined(separator: "+")
    }

    /// Reads a file.
    ///
    /// - Throws: ``UsageError`` if it is no report, or one of a later version.
    package init(reading file: String) throws {
        let url = URL(filePath: file)
        let value = try FileList.read(url)
        guard value["format"]?.string == "orbited-conformance" else {
            throw UsageError("\(file) is no report; make one with --json")
        }
        guard value["version"]?.number == Double(Self.currentVersion) else {
            throw UsageError(
                "\(file) is a report of version \(value["version"]?.text ?? "none"), and this program reads version "
                    + "\(Self.currentVersion); make it anew")
        }
        do {
            self = try JSONDecoder().decode(Report.self, from: Data(contentsOf: url))
        } catch {
            throw UsageError("\(file) is not a whole report: \(error)")
        }
    }

    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}

extension Report.Counts {
    init(_ results: [TrialResult], _ listed: KnownFailures) {
        passed = results.count(.passed)
        failed = results.count(.failed)
        known = results.count(.known)
        skipped = results.count(.skipped)
        passedUnexpectedly = listed.passed(among: results)
        for result in results {
            guard case .skipped(let features) = result.outcome else { continue }
            for feature in features { lacking[feature, default: 0] += 1 }
        }
    }
}

extension Report.Entry {
    fileprivate init(_ results: [TrialResult]) {
        let theCase = results[0].trial.theCase
        id = theCase.id
        kind = theCase.kind.rawValue
        file = theCase.file
        level = theCase.level.rawValue
        requirements = theCase.requirements
        quote = theCase.quote
        description = theCase.description
        features = theCase.features
        settings = theCase.settings
        steps = theCase.steps.map { $0.text.count > 2_000 ? $0.text.prefix(2_000) + "…" : $0.text }
        let worst: [TrialResult.Verdict] = [.failed, .known, .passed, .skipped]
        outcome = worst.first { results.count($0) > 0 }?.rawValue ?? ""
        trials = results.map(Report.Run.init)
    }
}

extension Report.Run {
    fileprivate init(_ result: TrialResult) {
        name = result.trial.name
        outcome = result.verdict.rawValue
        seconds = (result.seconds * 1_000).rounded() / 1_000
        switch result.outcome {
        case .passed: break
        case .skipped(let features): lacking = features
        case .failed(let difference): failure = Report.Failure(difference)
        }
    }
}
