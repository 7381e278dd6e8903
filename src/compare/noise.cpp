#include "compare/noise.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace locksmith::compare {
namespace {

constexpr std::string_view of_each = "made anew for each request";
constexpr std::string_view tracing = "follows a request through a system";
constexpr std::string_view transfer = "says how the bytes travel, not who sends them";
constexpr std::string_view caching = "is about caching";
constexpr std::string_view browser = "a browser's description of itself";
constexpr std::string_view library = "a library's description of itself";

constexpr std::array table{
    Noise{"date", of_each},
    Noise{"x-request-id", of_each},
    Noise{"request-id", of_each},
    Noise{"x-correlation-id", of_each},
    Noise{"correlation-id", of_each},
    Noise{"x-client-request-id", of_each},
    Noise{"x-ms-client-request-id", of_each},
    Noise{"idempotency-key", of_each},
    Noise{"x-idempotency-key", of_each},
    // https://www.w3.org/TR/trace-context/, https://www.w3.org/TR/baggage/
    Noise{"traceparent", tracing},
    Noise{"tracestate", tracing},
    Noise{"baggage", tracing},
    Noise{"b3", tracing},
    Noise{"x-b3-*", tracing},
    Noise{"sentry-trace", tracing},
    Noise{"uber-trace-id", tracing},
    Noise{"x-amzn-trace-id", tracing},
    Noise{"amz-sdk-*", library},
    Noise{"x-cloud-trace-context", tracing},
    Noise{"x-datadog-*", tracing},
    Noise{"newrelic", tracing},
    // RFC 9110 section 12.5.3, RFC 9112 sections 6 and 9
    Noise{"accept-encoding", transfer},
    Noise{"connection", transfer},
    Noise{"keep-alive", transfer},
    Noise{"proxy-connection", transfer},
    Noise{"content-length", transfer},
    Noise{"transfer-encoding", transfer},
    Noise{"te", transfer},
    Noise{"expect", transfer},
    Noise{"priority", transfer},
    Noise{"cache-control", caching},
    Noise{"pragma", caching},
    Noise{"if-none-match", caching},
    Noise{"if-modified-since", caching},
    Noise{"accept-language", browser},
    Noise{"dnt", browser},
    Noise{"sec-ch-*", browser},
    Noise{"sec-gpc", browser},
    Noise{"upgrade-insecure-requests", browser},
    Noise{"x-stainless-*", library},
    Noise{"x-goog-api-client", library},
    Noise{"x-ms-useragent", library},
    // RFC 9113 section 8.3: HTTP/2's request line, which the URL and the method tell already
    Noise{":*", "repeats the request line"},
};

std::string_view product(std::string_view user_agent) {
  return user_agent.substr(0, user_agent.find_first_of("/ "));
}

}  // namespace

std::span<const Noise> noise() { return table; }

std::optional<std::string_view> noise_reason(std::string_view header) {
  const std::string name = base::lower(header);
  for (const Noise& row : table) {
    const bool any_rest = row.name.ends_with('*');
    const std::string_view start = row.name.substr(0, row.name.size() - any_rest);
    if (any_rest ? name.starts_with(start) : name == start) return row.reason;
  }
  return {};
}

bool same_client(std::string_view user_agent, std::string_view other) {
  // Browsers all begin with "Mozilla", and so do many that pretend to be one.
  return !product(user_agent).empty() && product(user_agent) != "Mozilla" &&
         base::equals_ignoring_case(product(user_agent), product(other));
}

}  // namespace locksmith::compare
