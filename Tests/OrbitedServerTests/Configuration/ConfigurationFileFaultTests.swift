import OrbitedTransports
import Testing

@testable import OrbitedServer

@Suite struct ConfigurationFileFaultTests {
    @Test(
        "A fault is named with its line, its text and what was probably meant",
        arguments: [
            (
                "[global]\nhtp.port = 1",
                "orbited.cfg:2: unknown key \"htp.port\" in [global]; did you mean \"http.port\"?"
            ),
            (
                "[global]\nHTTP.Port = 1",
                "orbited.cfg:2: unknown key \"HTTP.Port\" in [global]; did you mean \"http.port\"?"
            ),
            (
                "[global]\nhttp.prot = 1",
                "orbited.cfg:2: unknown key \"http.prot\" in [global]; did you mean \"http.port\"?"
            ),
            ("[global]\nquite.other = 1", "orbited.cfg:2: unknown key \"quite.other\" in [global]"),
            (
                "[global]\nxhr.timeuot = 1",
                "orbited.cfg:2: unknown key \"xhr.timeuot\" in [global]; did you mean \"xhr.timeout\" in [transport]?"
            ),
            ("[log]\n=1", "orbited.cfg:2: a setting is \"key = value\", not \"=1\""),
            ("[transport]\n\nhttp.port = 1", "orbited.cfg:3: \"http.port\" belongs to [global], not to [transport]"),
            ("[proxy]\nproxy.enabled = 1", "orbited.cfg:2: \"proxy.enabled\" belongs to [global], not to [proxy]"),
            ("[gloabl]\nhttp.port = 1", "orbited.cfg:1: unknown section [gloabl]; did you mean [global]?"),
            (
                "[frobnicate]\na = 1",
                "orbited.cfg:1: unknown section [frobnicate]; "
                    + "there are [global], [http], [transport], [limits], [log], [admin], [callbacks], [proxy]"
            ),
            ("[global\nhttp.port = 1", "orbited.cfg:1: a section is a name in [brackets], not \"[global\""),
            ("http.port = 1", "orbited.cfg:1: \"http.port = 1\" stands before the first section, such as [global]"),
            ("[global]\nhttp.port", "orbited.cfg:2: a setting is \"key = value\", not \"http.port\""),
            (
                "[global]\n/ -> ORBITED",
                "orbited.cfg:2: a setting is \"key = value\", not \"/ -> ORBITED\"; proxy rules belong to [proxy]"
            ),
            (
                "[global]\nhttp.port = 1\nhttp.port = 1",
                "orbited.cfg:3: \"http.port\" in [global] is set twice: line 2 sets it already"
            ),
            (
                "[global]\nop.port = 1\n[global]\norbit.port = 2",
                "orbited.cfg:4: \"orbit.port\" in [global] is set twice: line 2 sets it already"
            ),
            (
                "[global]\nhttp.port =",
                "orbited.cfg:2: \"http.port\" must be a whole number from 0 to 65535, and has no value"
            ),
            ("[global]\nhttp.host = \u{1}", "orbited.cfg:2: \"http.host = \\u{1}\" holds a control character"),
            (
                "[transport]\ndefault = raw",
                "orbited.cfg:2: \"default\" must be one of \(TransportList().names.joined(separator: ", ")), not \"raw\""
            ),
        ])
    func namesFaults(text: String, problem: String) {
        #expect(fileLayer(text).problems == [problem])
    }

    @Test func `A faulty rule is named with the rule`() {
        let problems = fileLayer("[proxy]\n/ -> ORBITED\n/static => there\n").problems
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("orbited.cfg:3: ") == true)
        #expect(problems.first?.contains("/static => there") == true)
    }

    @Test func `All faults of a file are named, in the order of its lines`() {
        let text = "a\n[global]\nhtp.port = 1\nhttp.port = x\n[what]\nunseen\n[proxy]\nno rule\n[log]\nlevel = loud\n"
        let lines = fileLayer(text).problems.compactMap { $0.split(separator: ":").dropFirst().first }
        #expect(lines == ["1", "3", "4", "5", "8", "10"])
    }

    @Test func `After a hundred faults the rest of a file is left unread`() {
        let problems = fileLayer(String(repeating: "x\n", count: 500)).problems
        #expect(problems.count == ConfigurationFile.mostProblems + 1)
        #expect(problems.last == "orbited.cfg: there may be more faults from line 101 on")
    }

    @Test func `A line that is not UTF-8 is named`() {
        let bytes = Array("[global]\nhttp.host = ".utf8) + [0xC3, 0x28, 0x0A] + Array("nonsense\n".utf8)
        #expect(
            ConfigurationFile(bytes, name: "a.cfg").layer.problems == [
                "a.cfg:2: the line is not UTF-8", "a.cfg:3: a setting is \"key = value\", not \"nonsense\"",
            ])
    }

    @Test func `Long and unprintable text is cut and escaped in messages`() {
        let problem = fileLayer("[global]\n" + String(repeating: "k", count: 5000) + " = 1\n").problems.first ?? ""
        #expect(problem.count < 200)
        #expect(fileLayer("[proxy]\n" + String(repeating: "k", count: 5000)).problems.allSatisfy { $0.count < 500 })
        #expect("a\u{1B}[31mb\rc".quoted == "\"a\\u{1b}[31mb\\u{d}c\"")
    }

    @Test func `Keys without meaning bring advice, wherever they stand`() {
        let text = "[global]\nlog.access = x\n[log]\nlog.event = x\n"
        let layer = fileLayer(text)
        #expect(layer.problems.isEmpty)
        #expect(layer.changes.isEmpty)
        #expect(
            layer.warnings == [
                "orbited.cfg:2: \"log.access\" has no meaning any more: redirect the server's output "
                    + "to where the log should go, and choose how much is logged with level in [log]",
                "orbited.cfg:4: \"log.event\" has no meaning any more: redirect the server's output "
                    + "to where the log should go, and choose how much is logged with level in [log]",
            ])
    }

    @Test func `The default transport of 2007 brings a warning`() {
        let layer = fileLayer("[transport]\ndefault = stream\n")
        #expect(layer.problems.isEmpty)
        #expect(
            layer.warnings
                == [
                    "orbited.cfg:2: \"default\": the transport \"stream\" of 2007 is no safe default: \"sse\" is used instead"
                ])
    }
}
