// Self-signed certificates, made when a test runs, valid or not.
#pragma once

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace locksmith::lab {

struct Certificate {
  std::string issuer;  // the subject too
  std::string host;    // an IP address
  int days = 1;        // until it expires; negative: since it has
};

// Certificate and private key in one file, which goes with the object.
class PemFile {
 public:
  explicit PemFile(const Certificate& wanted) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  &EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> x509(X509_new(), &X509_free);
    constexpr long day = 24 * 60 * 60;
    X509_set_version(x509.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509.get()), -10 * day);
    X509_gmtime_adj(X509_getm_notAfter(x509.get()), wanted.days * day);
    X509_set_pubkey(x509.get(), key.get());
    X509_NAME* name = X509_get_subject_name(x509.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wanted.issuer.c_str()), -1,
                               -1, 0);
    X509_set_issuer_name(x509.get(), name);
    extend(x509.get(), NID_subject_alt_name, "IP:" + wanted.host);
    extend(x509.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(x509.get(), key.get(), EVP_sha256());
    FILE* file = fdopen(mkstemp(path_.data()), "w");
    if (!file) throw std::runtime_error("mkstemp");
    PEM_write_X509(file, x509.get());
    PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    fclose(file);
  }
  ~PemFile() { unlink(path_.c_str()); }
  PemFile(const PemFile&) = delete;
  PemFile& operator=(const PemFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  static void extend(X509* x509, int nid, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
  }

  std::string path_ = testing::TempDir() + "certificate-XXXXXX";
};

}  // namespace locksmith::lab
