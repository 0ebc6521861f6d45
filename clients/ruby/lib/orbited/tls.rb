# frozen_string_literal: true

require "openssl"

module Orbited
  # Reads the `tls` option of the clients.
  module TLS
    # @param tls [nil, false, true, OpenSSL::SSL::SSLContext] true: a context that checks the
    #   server's certificate against the system's authorities
    # @return [OpenSSL::SSL::SSLContext, nil]
    # @raise [ArgumentError] it is something else, or a context that checks no certificates, as a
    #   new one does before set_params
    def self.context(tls)
      case tls
      when nil, false then nil
      when true then OpenSSL::SSL::SSLContext.new.tap(&:set_params)
      when OpenSSL::SSL::SSLContext then checking(tls)
      else raise ArgumentError, "tls is true, false or an OpenSSL::SSL::SSLContext, not #{tls.inspect}"
      end
    end

    def self.checking(context)
      return context unless context.verify_mode == OpenSSL::SSL::VERIFY_NONE

      raise ArgumentError, "the SSLContext checks no certificates: call its set_params first"
    end
    private_class_method :checking
  end
end
