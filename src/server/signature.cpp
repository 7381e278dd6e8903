#include "server/signature.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "base/text.hpp"

namespace locksmith::server {
namespace {

template <auto free>
struct Freed {
  void operator()(auto* pointer) const { free(pointer); }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using PublicKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

bool is_signed_by(std::string_view pem, std::string_view message, std::string_view signature) {
  const auto der = base::base64_decode(signature);
  if (!der || der->empty()) return false;
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const PublicKey key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_EC) return false;
  const Context context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes(*der), der->size(), bytes(message),
                          message.size()) == 1;
}

}  // namespace locksmith::server
