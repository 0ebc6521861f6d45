/// The version of this server.
public enum OrbitedVersion {
    /// Such as `0.4.0`.
    public static let text = "0.4.0"
}
