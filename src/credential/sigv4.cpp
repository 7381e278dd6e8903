#include "credential/sigv4.hpp"

#include <array>
#include <charconv>

#include "base/text.hpp"
#include "http/url.hpp"

namespace locksmith::credential {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    parts.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

// AKIA…/20260727/us-east-1/s3/aws4_request
void read_scope(std::string_view text, SigV4& out) {
  const auto parts = split(text, '/');
  const std::array<std::string*, 5> fields{&out.access_key_id, &out.scope_date, &out.region,
                                           &out.service, &out.terminator};
  for (std::size_t i = 0; i < fields.size() && i < parts.size(); ++i) *fields[i] = parts[i];
}

std::optional<SigV4> read_header(const http::Request& request) {
  const std::string_view value = request.headers.get("authorization");
  if (!value.starts_with("AWS4-")) return {};
  SigV4 out;
  const auto blank = value.find(' ');
  out.algorithm = value.substr(0, blank);
  if (blank == std::string_view::npos) return out;
  for (const std::string& part : split(value.substr(blank + 1), ',')) {
    const std::string_view field = base::trim(part);
    const auto equals = field.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = field.substr(0, equals), content = field.substr(equals + 1);
    if (name == "Credential") read_scope(content, out);
    if (name == "SignedHeaders") out.signed_headers = split(base::lower(content), ';');
    if (name == "Signature") out.signature = content;
  }
  out.has_session_token = request.headers.has("x-amz-security-token");
  out.date = base::parse_basic_iso8601(request.headers.get("x-amz-date"));
  if (!out.date) out.date = base::parse_http_date(request.headers.get("date"));
  return out;
}

std::optional<SigV4> read_query(const http::Request& request) {
  SigV4 out;
  out.presigned = true;
  for (const auto& [name, raw] : http::query_parameters(http::parse_url(request.url).query)) {
    const std::string value = base::percent_decode(raw);
    const std::string lower = base::lower(name);
    if (lower == "x-amz-algorithm") out.algorithm = value;
    if (lower == "x-amz-credential") read_scope(value, out);
    if (lower == "x-amz-signedheaders") out.signed_headers = split(base::lower(value), ';');
    if (lower == "x-amz-signature") out.signature = value;
    if (lower == "x-amz-security-token") out.has_session_token = true;
    if (lower == "x-amz-date") out.date = base::parse_basic_iso8601(value);
    if (lower == "x-amz-expires") {
      long seconds = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
      // Amazon allows a week; what cannot be a duration at all is left out.
      constexpr long year = 366L * 86400;
      if (error == std::errc() && seconds >= 0 && seconds <= year)
        out.valid_for = std::chrono::seconds(seconds);
    }
  }
  if (out.algorithm.empty()) return {};
  return out;
}

}  // namespace

std::optional<SigV4> read_sigv4(const http::Request& request) {
  if (auto header = read_header(request)) return header;
  return read_query(request);
}

}  // namespace locksmith::credential
