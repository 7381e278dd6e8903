// Why a handshake failed: which alerts and requests of TLS speak of a client certificate.
#include "probe/unreachable.hpp"

#include <gtest/gtest.h>

namespace locksmith::probe {
namespace {

Failure broken(CURLcode code, std::initializer_list<std::string_view> lines) {
  Failure failure;
  failure.code = code;
  failure.host = "api.acme.test";
  failure.port = 443;
  for (const std::string_view line : lines) read_tls_line(line, failure);
  return failure;
}
bool wants_certificate(const Failure& failure) {
  return explain(failure).code == ErrorCode::certificate_wanted;
}

constexpr std::string_view request = "TLSv1.3 (IN), TLS handshake, Request CERT (13):\n";

TEST(unreachable, a_certificate_that_is_required) {
  // As curl -v prints them with OpenSSL 3: TLS 1.3, then TLS 1.2.
  EXPECT_TRUE(wants_certificate(
      broken(CURLE_RECV_ERROR, {request, "TLSv1.3 (IN), TLS alert, unknown (628):\n"})));
  EXPECT_TRUE(wants_certificate(
      broken(CURLE_SSL_CONNECT_ERROR, {"TLSv1.2 (IN), TLS handshake, Request CERT (13):\n",
                                       "TLSv1.2 (IN), TLS alert, handshake failure (552):\n"})));
  // Closed at once, before the alert was read.
  EXPECT_TRUE(wants_certificate(broken(CURLE_RECV_ERROR, {request})));
}

TEST(unreachable, a_certificate_that_was_not_taken) {
  Failure failure =
      broken(CURLE_RECV_ERROR, {request, "TLSv1.3 (IN), TLS alert, unknown CA (560):\n"});
  failure.certificate_sent = true;
  EXPECT_TRUE(wants_certificate(failure));
  EXPECT_TRUE(explain(failure).message.contains("did not take the client certificate"));
  // One was sent, and the connection broke without a word about it: that says nothing.
  Failure silent = broken(CURLE_RECV_ERROR, {request});
  silent.certificate_sent = true;
  EXPECT_FALSE(wants_certificate(silent));
}

TEST(unreachable, other_failures_are_not_about_it) {
  EXPECT_FALSE(wants_certificate(broken(CURLE_SSL_CONNECT_ERROR, {})));
  EXPECT_FALSE(wants_certificate(
      broken(CURLE_SSL_CONNECT_ERROR, {"TLSv1.2 (IN), TLS alert, handshake failure (552):\n"})));
  EXPECT_FALSE(wants_certificate(broken(CURLE_PEER_FAILED_VERIFICATION,
                                        {request, "TLSv1.3 (OUT), TLS alert, unknown CA (560):"})));
  EXPECT_FALSE(wants_certificate(
      broken(CURLE_RECV_ERROR, {request, "TLSv1.3 (IN), TLS alert, internal error (592):"})));
  EXPECT_FALSE(wants_certificate(broken(CURLE_OPERATION_TIMEDOUT, {request})));
}

// A warning (close notify) is no alert to speak of; what is no number is none.
TEST(unreachable, lines_that_say_nothing) {
  Failure failure = broken(CURLE_OK, {"TLSv1.2 (IN), TLS alert, close notify (256):", "(IN), TLS ",
                                      "(IN), TLS alert (", "(IN), TLS alert, x (abc):", ""});
  EXPECT_EQ(failure.tls_alert, 0);
  EXPECT_FALSE(failure.certificate_requested);
}

}  // namespace
}  // namespace locksmith::probe
