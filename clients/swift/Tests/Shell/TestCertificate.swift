import NIOSSL

/// A certificate for `localhost` that signs itself, made for these tests with `openssl req -x509`. It trusts nobody, and
/// nobody trusts it.
enum TestCertificate {
    static func trust() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)))
        return configuration
    }

    static func server() throws -> NIOSSLContext {
        let certificates = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
        let chain = certificates.map { NIOSSLCertificateSource.certificate($0) }
        let privateKey = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(privateKey)))
    }

    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBlTCCATugAwIBAgIUA01Ot/iYpIEGusqPn/ujRtQu92wwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNjAyMTk1NVoYDzIxMjYxMTAy
        MDIxOTU1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAATouZ/hNrzUdbVdT0eYYA8B8Bp7foWscIXMv0fFIYUkhGiwr6D5+YOm
        o+n2jCx+FHLnJWUecBmqsZ5UKhVtZZr2o2kwZzAdBgNVHQ4EFgQUnmxzqd+RX6r6
        Rh/qnXmHUaGS7a8wHwYDVR0jBBgwFoAUnmxzqd+RX6r6Rh/qnXmHUaGS7a8wFAYD
        VR0RBA0wC4IJbG9jYWxob3N0MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwID
        SAAwRQIhAPSea2M7L7gGwh9FJWXWxzyES3vkmpT5v27Hu36nJpRjAiBDmY44bWRn
        qn7R1XrczyQ6npDfhrVUcxZgoMPTGUpvhw==
        -----END CERTIFICATE-----
        """

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCYY5nTF0DvEctR4U
        9ls0dxOOXQpV7L+npwrZb2qlkcmhRANCAATouZ/hNrzUdbVdT0eYYA8B8Bp7foWs
        cIXMv0fFIYUkhGiwr6D5+YOmo+n2jCx+FHLnJWUecBmqsZ5UKhVtZZr2
        -----END PRIVATE KEY-----
        """
}
