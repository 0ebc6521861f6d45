# frozen_string_literal: true

require "openssl"

# A certificate authority for a test, and what a server and a client need of it.
class Authority
  def initialize
    @key = OpenSSL::PKey::EC.generate("prime256v1")
    @certificate = certificate("/CN=Authority of a test", @key, [["basicConstraints", "CA:TRUE", true]])
    @certificate.sign(@key, "SHA256")
  end

  # A context for a server of these names, such as "IP:127.0.0.1".
  def server(names)
    key = OpenSSL::PKey::EC.generate("prime256v1")
    certificate = certificate("/CN=server", key, [["subjectAltName", names, false]])
    certificate.issuer = @certificate.subject
    certificate.sign(@key, "SHA256")
    OpenSSL::SSL::SSLContext.new.tap { |context| context.add_certificate(certificate, key) }
  end

  # A context for a client that trusts this authority alone.
  def client
    store = OpenSSL::X509::Store.new
    store.add_cert(@certificate)
    OpenSSL::SSL::SSLContext.new.tap { |context| context.set_params(cert_store: store) }
  end

  private

  def certificate(subject, key, extensions)
    certificate = OpenSSL::X509::Certificate.new
    certificate.version = 2
    certificate.serial = OpenSSL::BN.rand(64)
    certificate.subject = certificate.issuer = OpenSSL::X509::Name.parse(subject)
    certificate.public_key = key
    certificate.not_before = Time.now - 3600
    certificate.not_after = Time.now + 3600
    factory = OpenSSL::X509::ExtensionFactory.new(certificate, certificate)
    extensions.each { |extension| certificate.add_extension(factory.create_extension(*extension)) }
    certificate
  end
end
