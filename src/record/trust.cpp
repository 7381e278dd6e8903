#include "record/trust.hpp"

#include <openssl/pem.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <vector>

#include "base/file.hpp"
#include "base/text.hpp"
#include "record/client_settings.hpp"
#include "record/openssl.hpp"

namespace locksmith::record {
namespace {

// Where distributions keep the bundle: OpenSSL's own default, Debian, Fedora, SUSE, Alpine and
// macOS.
std::vector<std::string> system_bundles() {
  return {X509_get_default_cert_file(), "/etc/ssl/certs/ca-certificates.crt",
          "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};
}

void append_file(const std::string& path, std::string& out) {
  constexpr std::size_t most_bytes = 16 << 20;
  auto content = base::read_regular_file(path, most_bytes);
  if (!content || !content->contains("-----BEGIN ")) return;
  out += *content;
  if (!out.ends_with('\n')) out += '\n';
}

using Bio = std::unique_ptr<BIO, Free<BIO_free>>;

// Every certificate of a bundle; one that is broken is skipped, as clients do.
void for_each_certificate(const std::string& pem, const std::function<void(X509*)>& use) {
  const Bio memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  while (!BIO_eof(memory.get())) {
    const Certificate certificate(PEM_read_bio_X509_AUX(memory.get(), nullptr, nullptr, nullptr));
    if (certificate)
      use(certificate.get());
    else if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE)
      break;
  }
  ERR_clear_error();
}

void big_endian(std::uint64_t value, int bytes, std::string& out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift);
}
void counted(std::string_view text, std::string& out) {
  big_endian(text.size(), 2, out);
  out += text;
}

}  // namespace

std::string trusted_authorities(const Variables& environment) {
  std::set<std::string> files;
  for (const ClientSetting& setting : client_settings()) {
    const auto own = environment.find(std::string(setting.variable));
    const bool names_file =
        setting.value == SettingValue::bundle || setting.value == SettingValue::extra;
    if (names_file && own != environment.end() && !own->second.empty()) files.insert(own->second);
  }
  std::string pem;
  const auto own = environment.find("SSL_CERT_FILE");
  if (own == environment.end() || own->second.empty()) {
    for (const std::string& path : system_bundles()) {
      append_file(path, pem);
      if (!pem.empty()) break;
    }
  }
  for (const std::string& path : files) append_file(path, pem);
  return pem;
}

Result<std::shared_ptr<SSL_CTX>> client_context(const std::string& authorities,
                                                const Variables& environment) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (!context) return fail(ErrorCode::unreadable, "TLS cannot be set up: " + openssl_error());
  X509_STORE* store = SSL_CTX_get_cert_store(context.get());
  for_each_certificate(authorities,
                       [&](X509* authority) { X509_STORE_add_cert(store, authority); });
  const auto folder = environment.find("SSL_CERT_DIR");
  const std::string path = folder == environment.end() || folder->second.empty()
                               ? X509_get_default_cert_dir()
                               : folder->second;
  SSL_CTX_load_verify_dir(context.get(), path.c_str());
  ERR_clear_error();
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  return context;
}

// https://github.com/openjdk/jdk/blob/jdk-17-ga/src/java.base/share/classes/sun/security/provider/JavaKeyStore.java
std::string java_trust_store(const std::string& pem, long long now_ms) {
  std::string entries;
  std::uint32_t count = 0;
  for_each_certificate(pem, [&](X509* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate, &der);
    if (size <= 0) return;
    big_endian(2, 4, entries);  // a trusted certificate
    counted("authority-" + std::to_string(++count), entries);
    big_endian(static_cast<std::uint64_t>(now_ms), 8, entries);
    counted("X.509", entries);
    big_endian(static_cast<std::uint64_t>(size), 4, entries);
    entries.append(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
  });
  std::string out;
  big_endian(0xfeedfeed, 4, out);
  big_endian(2, 4, out);
  big_endian(count, 4, out);
  out += entries;
  // The digest counts only for who gives a password; here it is that of the empty one.
  const std::string signed_part = "Mighty Aphrodite" + out;
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(signed_part.data()), signed_part.size(),
       digest.data());
  return out.append(reinterpret_cast<const char*>(digest.data()), digest.size());
}

}  // namespace locksmith::record
