// OpenSSL reads the records and the message; only the two extensions are read here.
#include "record/client_hello.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "record/openssl.hpp"

namespace locksmith::record {
namespace {

struct Reading {
  ClientHello* hello;
  bool seen = false;
};

// A list element with a length of `size` bytes in front of it; empty when it does not fit.
std::string_view take(std::string_view& text, std::size_t size) {
  if (text.size() < size) return text = {};
  std::size_t length = 0;
  for (const char c : text.substr(0, size)) length = length << 8 | static_cast<unsigned char>(c);
  text.remove_prefix(size);
  const std::string_view element = text.substr(0, length);
  text.remove_prefix(element.size());
  return element;
}

std::string_view extension(SSL* ssl, unsigned int type) {
  const unsigned char* bytes = nullptr;
  std::size_t size = 0;
  if (SSL_client_hello_get0_ext(ssl, type, &bytes, &size) != 1) return {};
  return {reinterpret_cast<const char*>(bytes), size};
}

int on_hello(SSL* ssl, int* alert, void* argument) {
  auto& reading = *static_cast<Reading*>(argument);
  reading.seen = true;
  std::string_view names = extension(ssl, TLSEXT_TYPE_server_name);  // RFC 6066 section 3
  names = take(names, 2);
  if (names.starts_with('\0')) {
    names.remove_prefix(1);
    reading.hello->server_name = base::lower(take(names, 2));
  }
  std::string_view protocols =
      extension(ssl, TLSEXT_TYPE_application_layer_protocol_negotiation);  // RFC 7301 section 3.1
  protocols = take(protocols, 2);
  while (!protocols.empty()) reading.hello->protocols.emplace_back(take(protocols, 1));
  *alert = SSL_AD_INTERNAL_ERROR;
  return SSL_CLIENT_HELLO_ERROR;  // all is known: go no further
}

}  // namespace

bool ClientHello::takes_http1() const {
  return protocols.empty() || std::ranges::find(protocols, "http/1.1") != protocols.end();
}

HelloState read_client_hello(std::string_view bytes, ClientHello& hello) {
  constexpr std::size_t most_bytes = 64 << 10;
  hello = {};
  Reading reading{&hello};
  const SslContext context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_set_client_hello_cb(context.get(), on_hello, &reading);
  const Ssl ssl(SSL_new(context.get()));
  BIO* in = BIO_new_mem_buf(bytes.data(), static_cast<int>(std::min(bytes.size(), most_bytes)));
  BIO_set_mem_eof_return(in, -1);  // the end of what has come is not the end of what will come
  SSL_set_bio(ssl.get(), in, BIO_new(BIO_s_mem()));
  const int result = SSL_accept(ssl.get());
  const bool waiting = SSL_get_error(ssl.get(), result) == SSL_ERROR_WANT_READ;
  ERR_clear_error();
  if (reading.seen) return HelloState::complete;
  return waiting && bytes.size() < most_bytes ? HelloState::incomplete : HelloState::invalid;
}

}  // namespace locksmith::record
