// swift-tools-version:6.2
import PackageDescription

// The layers, bottom up; `.ci/check-imports` holds the sources to them.
//
//     CJansson ← OrbitedJSON ┐
//                OrbitedWire ┼← OrbitedCore ← OrbitedTransports ┐
//                  CPrefetch ┘        OrbitedProxy ─────────────┼← OrbitedServer ← orbited
//                                       CLibcrypto ───────────┘
//                OrbitedWire ← OrbitedClient (clients/swift) ────────────────────┘
//                              OrbitedClient ← orbited-adapter-swift (conformance/adapters/orbited_swift)

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// Each folder explains itself; SwiftPM is not to take that for a resource.
let readme = ["README.md"]

let package = Package(
    name: "orbited",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "orbited", targets: ["orbited"]),
        .library(name: "OrbitedClient", targets: ["OrbitedClient", "OrbitedWire"]),
        .executable(name: "orbited-conformance", targets: ["orbited-conformance"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CPrefetch"),
        .target(name: "OrbitedJSON", dependencies: ["CJansson"], exclude: readme),
        .target(name: "OrbitedWire", dependencies: [nioCore], exclude: readme),
        .target(
            name: "OrbitedCore", dependencies: ["CPrefetch", "OrbitedWire", nioCore, deque, heap], exclude: readme),
        .target(
            name: "OrbitedTransports",
            dependencies: ["OrbitedJSON", "OrbitedWire", "OrbitedCore", nioCore], exclude: readme),
        .target(
            name: "OrbitedProxy", dependencies: [nioCore, nioPosix, nioHTTP1, logging, deque], exclude: readme),
        .target(
            name: "OrbitedServer",
            dependencies: [
                "CLibcrypto", "OrbitedJSON", "OrbitedWire", "OrbitedCore", "OrbitedTransports", "OrbitedProxy",
                nioCore, nioPosix, nioHTTP1, nioWebSocket, nioSSL, logging, deque, lifecycle,
            ], exclude: readme, resources: [.embedInCode("HTTP/Files")], plugins: ["BundleJavaScript"]),
        // It has the whole folder, so that SwiftPM looks for its files again when one comes or goes.
        .plugin(
            name: "BundleJavaScript", capability: .buildTool(), path: "clients/javascript", sources: ["swiftpm"]),
        .target(
            name: "OrbitedClient", dependencies: ["OrbitedWire", nioCore, nioPosix, nioSSL, nioTLS, deque],
            path: "clients/swift/Sources"),
        .executableTarget(
            name: "orbited",
            dependencies: [
                "OrbitedJSON", "OrbitedWire", "OrbitedServer", "OrbitedClient", arguments, logging, lifecycle, nioCore,
            ],
            exclude: readme),
        .executableTarget(
            name: "orbited-adapter-swift", dependencies: ["OrbitedClient", nioCore, nioSSL],
            path: "conformance/adapters/orbited_swift"),
        // The suite imports none of the others: what they share would hide its faults.
        .target(
            name: "OrbitedConformance", dependencies: [nioCore, nioPosix], path: "conformance/runner/Sources"),
        .executableTarget(
            name: "orbited-conformance", dependencies: ["OrbitedConformance", arguments],
            path: "conformance/runner/Program"),

        .target(name: "OrbitedTesting", path: "Tests/OrbitedTesting"),
        .testTarget(name: "OrbitedJSONTests", dependencies: ["OrbitedJSON", "OrbitedTesting"]),
        .testTarget(name: "OrbitedWireTests", dependencies: ["OrbitedWire", "OrbitedTesting", nioCore]),
        .testTarget(name: "OrbitedCoreTests", dependencies: ["OrbitedCore", "OrbitedWire", "OrbitedTesting", nioCore]),
        .testTarget(
            name: "OrbitedTransportsTests",
            dependencies: ["OrbitedTransports", "OrbitedCore", "OrbitedWire", "OrbitedTesting", nioCore]),
        .testTarget(
            name: "OrbitedProxyTests",
            dependencies: ["OrbitedProxy", nioCore, nioPosix, nioHTTP1, nioEmbedded, logging]),
        .testTarget(
            name: "OrbitedServerTests",
            dependencies: [
                "OrbitedServer", "OrbitedCore", "OrbitedJSON", "OrbitedTransports", "OrbitedProxy", "OrbitedWire",
                "OrbitedTesting",
                nioCore, nioPosix, nioHTTP1, nioEmbedded, logging,
            ]),
        .testTarget(
            name: "OrbitedClientTests",
            dependencies: ["OrbitedClient", "OrbitedWire", "OrbitedTesting", nioCore, nioPosix, nioSSL],
            path: "clients/swift/Tests"),
        .testTarget(
            name: "OrbitedConformanceTests", dependencies: ["OrbitedConformance", nioCore, nioPosix],
            path: "conformance/runner/Tests"),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "OrbitedServer", "OrbitedProxy", "OrbitedClient", "OrbitedWire", nioCore, nioPosix, nioHTTP1, logging,
                lifecycle,
            ]),
    ]
)
