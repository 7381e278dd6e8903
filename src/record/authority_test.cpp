// The authority's certificates, judged by OpenSSL's own verifier, and what is read of a greeting.
#include "record/authority.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include "record/client_hello.hpp"
#include "record/openssl.hpp"
#include "record/trust.hpp"

namespace locksmith::record {
namespace {

// One flight of a handshake in memory: what the client's or the server's side has to send.
std::string flight(SSL* ssl) {
  SSL_do_handshake(ssl);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(SSL_get_wbio(ssl), &bytes);
  std::string out(bytes, static_cast<std::size_t>(size));
  (void)BIO_reset(SSL_get_wbio(ssl));
  return out;
}
void feed(SSL* ssl, const std::string& bytes) {
  BIO_write(SSL_get_rbio(ssl), bytes.data(), static_cast<int>(bytes.size()));
}

Ssl in_memory(SSL_CTX* context) {
  Ssl ssl(SSL_new(context));
  SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  return ssl;
}

long verdict_of_client(Authority& authority, const std::string& host, const std::string& wanted) {
  const auto context = client_context(authority.certificate_pem(), {{"SSL_CERT_DIR", "/nowhere"}});
  const Ssl client = in_memory(context->get()), server = in_memory(authority.server_context(host));
  X509_VERIFY_PARAM_set_flags(SSL_get0_param(client.get()),
                              X509_V_FLAG_X509_STRICT);  // as Python 3.13 does
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(client.get()), wanted.c_str()) != 1)
    SSL_set1_host(client.get(), wanted.c_str());
  SSL_set_connect_state(client.get());
  SSL_set_accept_state(server.get());
  for (int i = 0; i < 4; ++i) {
    feed(server.get(), flight(client.get()));
    feed(client.get(), flight(server.get()));
  }
  const bool finished = SSL_is_init_finished(client.get()) && SSL_is_init_finished(server.get());
  const long verdict = SSL_get_verify_result(client.get());
  return verdict == X509_V_OK && !finished ? -1 : verdict;
}

TEST(Authority, ItsCertificatesAreTakenByAStrictVerifier) {
  const auto authority = Authority::make();
  ASSERT_TRUE(authority);
  EXPECT_EQ(verdict_of_client(**authority, "api.example.com", "api.example.com"), X509_V_OK);
  EXPECT_EQ(verdict_of_client(**authority, "127.0.0.1", "127.0.0.1"), X509_V_OK);
  EXPECT_EQ(verdict_of_client(**authority, "::1", "::1"), X509_V_OK);
  const std::string longer_than_a_common_name = "a." + std::string(62, 'b') + ".test";
  EXPECT_EQ(verdict_of_client(**authority, longer_than_a_common_name, longer_than_a_common_name),
            X509_V_OK);
}

TEST(Authority, ACertificateIsForItsHostAlone) {
  const auto authority = Authority::make();
  EXPECT_EQ(verdict_of_client(**authority, "api.example.com", "other.example.com"),
            X509_V_ERR_HOSTNAME_MISMATCH);
  const auto another = Authority::make();
  EXPECT_NE((*authority)->certificate_pem(), (*another)->certificate_pem());
}

TEST(Authority, OneContextForEachHostAndNoneForNonsense) {
  const auto authority = Authority::make();
  EXPECT_EQ((*authority)->server_context("a.test"), (*authority)->server_context("a.test"));
  EXPECT_NE((*authority)->server_context("a.test"), (*authority)->server_context("b.test"));
  for (const char* host : {"", "a.test,DNS:b.test", "a b", "a\nb"})
    EXPECT_EQ((*authority)->server_context(host), nullptr) << host;
}

TEST(Authority, TheKeyIsNowhereInWhatIsWritten) {
  const auto authority = Authority::make();
  EXPECT_FALSE((*authority)->certificate_pem().contains("PRIVATE KEY"));
}

TEST(ClientHello, NameAndProtocolsAreReadInPieces) {
  const SslContext context(SSL_CTX_new(TLS_client_method()));
  const Ssl client = in_memory(context.get());
  SSL_set_tlsext_host_name(client.get(), "API.example.com");
  SSL_set_alpn_protos(client.get(), reinterpret_cast<const unsigned char*>("\x02h2\x08http/1.1"),
                      12);
  SSL_set_connect_state(client.get());
  const std::string bytes = flight(client.get());
  ClientHello hello;
  for (std::size_t size = 3; size < bytes.size(); size += 7)
    EXPECT_EQ(read_client_hello(bytes.substr(0, size), hello), HelloState::incomplete) << size;
  ASSERT_EQ(read_client_hello(bytes, hello), HelloState::complete);
  EXPECT_EQ(hello.server_name, "api.example.com");
  EXPECT_EQ(hello.protocols, (std::vector<std::string>{"h2", "http/1.1"}));
  EXPECT_TRUE(hello.takes_http1());
  hello.protocols = {"h2"};
  EXPECT_FALSE(hello.takes_http1());
}

TEST(ClientHello, GarbageIsInvalid) {
  ClientHello hello;
  EXPECT_EQ(read_client_hello("GET / HTTP/1.1\r\n\r\n", hello), HelloState::invalid);
  EXPECT_EQ(read_client_hello(std::string("\x16\x03\x01\x00\x05\xff\xff\xff\xff\xff", 10), hello),
            HelloState::invalid);
}

TEST(JavaTrustStore, HoldsEachCertificateOnce) {
  const auto authority = Authority::make();
  const std::string& pem = (*authority)->certificate_pem();
  const std::string store = java_trust_store("a comment\n" + pem + pem, 0);
  EXPECT_TRUE(store.starts_with(std::string("\xfe\xed\xfe\xed\0\0\0\2\0\0\0\2", 12)));
  EXPECT_TRUE(store.contains((*authority)->certificate_der()));
}

}  // namespace
}  // namespace locksmith::record
