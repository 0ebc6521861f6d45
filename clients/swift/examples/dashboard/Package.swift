// swift-tools-version:6.2
import PackageDescription

let package = Package(
    name: "dashboard",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "orbited", path: "../../../.."),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    ],
    targets: [
        .executableTarget(
            name: "dashboard",
            dependencies: [
                .product(name: "OrbitedClient", package: "orbited"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "Sources", resources: [.embedInCode("page.html")])
    ]
)
