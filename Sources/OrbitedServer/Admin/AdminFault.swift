import NIOHTTP1
import OrbitedJSON
import OrbitedWire

/// Why a request on the admin port is not carried out. [HTC-10]
struct AdminFault: Error, Equatable {
    let status: HTTPResponseStatus
    /// The code of the registry, if there is one.
    let code: ControlCode?
    /// One plain sentence.
    let message: String
    /// Headers that the response has besides.
    var headers: [(name: String, value: String)] = []

    init(status: HTTPResponseStatus, code: ControlCode? = nil, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// A fault of the control wire; its code decides the status.
    init(_ fault: ControlFault) { self.init(code: fault.code, fault.message) }

    init(code: ControlCode, _ message: String) {
        let status: HTTPResponseStatus =
            switch code.rawValue / 100 {
            case 2: .payloadTooLarge
            case 4: .serviceUnavailable
            case 5: .unauthorized
            default: .badRequest
            }
        self.init(status: status, code: code, message)
    }

    static func badValue(_ message: String) -> AdminFault { AdminFault(code: .badValue, message) }

    static func notAllowed(_ method: String) -> AdminFault {
        var fault = AdminFault(status: .methodNotAllowed, "Use \(method) here.")
        fault.headers = [("Allow", method)]
        return fault
    }

    static let noPage = AdminFault(
        status: .notFound, "There is GET /health, POST /v1/events, GET /v1/keys, and POST /v1/close.")

    static var noSecret: AdminFault {
        var fault = AdminFault(
            code: .authRequired, "Show the server's secret in a header: Authorization: Bearer SECRET")
        fault.headers = [("WWW-Authenticate", "Bearer")]
        return fault
    }

    static let tooSlow = AdminFault(status: .requestTimeout, "The request did not arrive in time.")

    static func == (left: AdminFault, right: AdminFault) -> Bool {
        left.status == right.status && left.code == right.code && left.message == right.message
    }

    /// `{"error": {"message": "...", "code": 106, "name": "bad_key", "retry": false}}`
    var json: JSON {
        var error = JSONObject()
        error.set("message", to: .string(message))
        if let code {
            error.set("code", to: .integer(Int64(code.rawValue)))
            error.set("name", to: .string(code.name))
        }
        error.set("retry", to: .boolean(status == .serviceUnavailable || status == .requestTimeout))
        return .object(JSONObject([("error", .object(error))]))
    }
}

extension JSONObject {
    /// Makes an object of members with different names.
    init(_ members: [(String, JSON)]) {
        self.init()
        for (name, value) in members { set(name, to: value) }
    }
}
