// ECDSA P-256, because every client takes it and making a key takes no time.
#include "record/authority.hpp"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <map>
#include <mutex>

#include "record/openssl.hpp"

namespace locksmith::record {
namespace {

constexpr long day_s = 24 * 60 * 60;

bool extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  const bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool name(X509* certificate, std::string common_name) {
  common_name.resize(std::min<std::size_t>(common_name.size(), 64));  // ub-common-name, RFC 5280
  X509_NAME* subject = X509_get_subject_name(certificate);
  const auto* bytes = reinterpret_cast<const unsigned char*>(common_name.data());
  return X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>("locksmith record"), -1,
                                    -1, 0) &&
         X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, bytes,
                                    static_cast<int>(common_name.size()), -1, 0);
}

// Valid from yesterday, because a clock that is off is one of the things that Locksmith looks for.
Certificate blank(EVP_PKEY* key, const std::string& common_name) {
  Certificate certificate(X509_new());
  std::uint64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  const bool made =
      certificate && X509_set_version(certificate.get(), X509_VERSION_3) &&
      ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1 | 1) &&
      X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -day_s) &&
      X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 7 * day_s) &&
      X509_set_pubkey(certificate.get(), key) && name(certificate.get(), common_name);
  return made ? std::move(certificate) : nullptr;
}

bool is_address(const std::string& host) {
  unsigned char buffer[sizeof(in6_addr)];
  return inet_pton(AF_INET, host.c_str(), buffer) == 1 ||
         inet_pton(AF_INET6, host.c_str(), buffer) == 1;
}

// The value becomes part of OpenSSL's own little language, in which a comma ends it.
bool is_plain_host(const std::string& host) {
  return !host.empty() && host.size() < 254 &&
         host.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-_*") ==
             std::string::npos;
}

class Ca final : public Authority {
 public:
  bool start() {
    key_.reset(EVP_EC_gen("P-256"));
    leaf_key_.reset(EVP_EC_gen("P-256"));
    if (!key_ || !leaf_key_ || !(certificate_ = blank(key_.get(), "authority of this run only")))
      return false;
    X509* self = certificate_.get();
    // What strict verifiers want of an authority: RFC 5280 sections 4.2.1.2, 4.2.1.3, 4.2.1.9.
    return X509_set_issuer_name(self, X509_get_subject_name(self)) &&
           extend(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
           extend(self, self, NID_key_usage, "critical,keyCertSign,cRLSign") &&
           extend(self, self, NID_subject_key_identifier, "hash") &&
           X509_sign(self, key_.get(), EVP_sha256()) > 0 && encode();
  }

  const std::string& certificate_pem() const override { return pem_; }
  const std::string& certificate_der() const override { return der_; }

  SSL_CTX* server_context(const std::string& host) override {
    const std::lock_guard lock(mutex_);
    const auto found = contexts_.find(host);
    if (found != contexts_.end()) return found->second.get();
    SslContext context = make_context(host);
    ERR_clear_error();
    return contexts_.emplace(host, std::move(context)).first->second.get();
  }

 private:
  bool encode() {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate_.get(), &bytes);
    if (size <= 0) return false;
    der_.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    const std::unique_ptr<BIO, Free<BIO_free>> memory(BIO_new(BIO_s_mem()));
    if (!memory || !PEM_write_bio_X509(memory.get(), certificate_.get())) return false;
    char* text = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &text);
    pem_.assign(text, static_cast<std::size_t>(length));
    return true;
  }

  Certificate leaf(const std::string& host) {
    if (!is_plain_host(host)) return nullptr;
    Certificate certificate = blank(leaf_key_.get(), host);
    if (!certificate) return nullptr;
    X509 *self = certificate.get(), *issuer = certificate_.get();
    const bool made =
        X509_set_issuer_name(self, X509_get_subject_name(issuer)) &&
        extend(self, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
        extend(self, issuer, NID_key_usage, "critical,digitalSignature") &&
        extend(self, issuer, NID_ext_key_usage, "serverAuth") &&
        extend(self, issuer, NID_subject_key_identifier, "hash") &&
        extend(self, issuer, NID_authority_key_identifier, "keyid:always") &&
        extend(self, issuer, NID_subject_alt_name, (is_address(host) ? "IP:" : "DNS:") + host) &&
        X509_sign(self, key_.get(), EVP_sha256()) > 0;
    return made ? std::move(certificate) : nullptr;
  }

  SslContext make_context(const std::string& host) {
    SslContext context(SSL_CTX_new(TLS_server_method()));
    const Certificate certificate = leaf(host);
    if (!context || !certificate ||
        SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context.get(), leaf_key_.get()) != 1)
      return nullptr;
    // No resumption: each connection stands for itself, and nothing is written after the handshake
    // to a client that may have gone.
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context.get(), 0);
    SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
    return context;
  }

  // HTTP/1.1 where it is offered; otherwise no protocol is agreed on.
  static int choose_protocol(SSL*, const unsigned char** out, unsigned char* size,
                             const unsigned char* offered, unsigned int offered_size, void*) {
    static constexpr unsigned char http1[] = "\x08http/1.1";
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, size, http1, sizeof http1 - 1, offered, offered_size) !=
        OPENSSL_NPN_NEGOTIATED)
      return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
  }

  EvpKey key_, leaf_key_;
  Certificate certificate_;
  std::string pem_, der_;
  std::mutex mutex_;
  std::map<std::string, SslContext> contexts_;
};

}  // namespace

Result<std::unique_ptr<Authority>> Authority::make() {
  auto ca = std::make_unique<Ca>();
  if (!ca->start())
    return fail(ErrorCode::unreadable,
                "no certificate authority could be made: " + openssl_error());
  return ca;
}

}  // namespace locksmith::record
