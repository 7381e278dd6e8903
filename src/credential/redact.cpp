// Learns the secrets of a bundle or a text, then replaces them: in their own places, however short,
// and everywhere else in whatever form they are written.
#include "credential/redact.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "credential/escaped.hpp"
#include "credential/secret_names.hpp"

namespace locksmith::credential {
namespace {

// Calls `visit` with every text of the bundle that may hold a secret, and where it holds one.
template <class Visit>
void visit_texts(http::Bundle& bundle, Visit&& visit) {
  const auto visit_headers = [&](http::Headers& headers) {
    for (http::Header& header : headers) {
      visit(header.value, spans_in_header(header.name, header.value));
      visit(header.name, SecretSpans());  // a key may have been pasted in front of the colon
    }
  };
  const auto visit_variables = [&](std::map<std::string, std::string>& variables) {
    for (auto& [name, value] : variables) visit(value, spans_in_variable(name, value));
  };
  for (http::Exchange& exchange : bundle.exchanges) {
    visit(exchange.request.url, spans_in_url(exchange.request.url));
    visit_headers(exchange.request.headers);
    visit(exchange.request.body, spans_in_text(exchange.request.body, TextKind::body));
    visit(exchange.response.reason, SecretSpans());
    visit_headers(exchange.response.headers);
    visit(exchange.response.body, spans_in_text(exchange.response.body, TextKind::answer));
  }
  http::Environment& environment = bundle.environment;
  visit_variables(environment.variables);
  for (http::EnvironmentFile& file : environment.files) {
    visit(file.content, spans_in_text(file.content, TextKind::file));
    visit(file.path, SecretSpans());
  }
  for (http::EnvironmentProcess& process : environment.processes) {
    visit(process.command, spans_in_text(process.command, TextKind::body));
    visit_variables(process.variables);
  }
  visit(environment.client, SecretSpans());
  visit(environment.context, spans_in_text(environment.context, TextKind::log));
}

bool is_base64_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '-' || c == '_';
}

std::optional<std::string> decode_either(std::string_view text) {
  auto bytes = base::base64_decode(text);
  return bytes ? bytes : base::base64url_decode(text);
}

// `bytes` in base64, digit by digit in the places of the digits of `form`: wrapped as that is, with
// its white space, its padding and its alphabet.
std::string encode_like(std::string_view form, std::string_view bytes) {
  const std::string digits = base::base64_encode(bytes);
  const bool url_safe = form.find_first_of("-_") != std::string_view::npos;
  std::string out(form);
  for (std::size_t i = 0, next = 0; i < out.size() && next < digits.size(); ++i) {
    if (!is_base64_digit(out[i])) continue;
    const char digit = digits[next++];
    out[i] = url_safe && digit == '+' ? '-' : url_safe && digit == '/' ? '_' : digit;
  }
  return out;
}

}  // namespace

void Redactor::learn(std::string_view secret, SecretKind kind) {
  const std::string meant = unescape(secret);
  const std::string_view inner = trim_defects(meant);
  if (is_no_secret(inner)) return;
  if (replacer_.has(inner) && meant == secret) return;
  if (const auto encoded = text_in_base64(inner)) learn(*encoded, kind);
  replacer_.add(inner, make_surrogate(inner, seed_, kind));
  // As base64 or encoded once more, it may be found with its escapes.
  if (meant != secret) {
    std::string written(secret);
    replacer_.replace_value(written, 0, written.size());
    if (written != secret) replacer_.add(secret, written);
  }
  // A copy without the line feed or the zero-width space is still the same secret.
  if (const std::string clean = without_defects(inner); clean != inner) {
    replacer_.add(clean, make_surrogate(clean, seed_, kind));
  }
}

void Redactor::learn_basic(std::string_view value) {
  const std::string meant = unescape(value);
  const std::string_view form = trim_defects(meant);
  auto pair = decode_either(without_defects(form));
  if (!pair) {  // sent as it is
    const std::size_t colon = form.find(':');
    const bool named = colon != std::string_view::npos;
    return learn(named ? form.substr(colon + 1) : form,
                 named ? SecretKind::password : SecretKind::key);
  }
  const std::size_t colon = std::min(pair->find(':'), pair->size());
  const std::size_t behind = std::min(colon + 1, pair->size());
  const auto learn_part = [&](std::size_t offset, std::size_t size, bool is_secret) {
    const std::string part = pair->substr(offset, size);
    // A host name or an address is no key, however many digits it has.
    const std::string_view word = trim_defects(part);
    const bool key =
        looks_random(word) && (is_secret || !word.contains('.') || word.starts_with("eyJ"));
    if (key || is_secret) learn(part, key ? SecretKind::key : SecretKind::password);
    if (key || is_secret) replacer_.replace_value(*pair, offset, size);
  };
  // User names stay, unless they are keys: where there is no password, the user is the secret.
  const bool alone = trim_defects(std::string_view(*pair).substr(behind)).empty();
  learn_part(0, colon, alone && !std::string_view(*pair).starts_with("__token__"));
  learn_part(behind, pair->size() - behind, true);
  const std::string replaced = encode_like(form, *pair);
  if (replaced != form) replacer_.add(form, replaced);
}

void Redactor::learn(std::string_view text, const SecretSpans& spans) {
  for (const SecretSpan& span : spans) {
    const std::string_view value = text.substr(span.offset, span.size);
    if (span.basic) {
      learn_basic(value);
    } else {
      learn(value, span.kind);
    }
  }
}

void Redactor::learn(const http::Bundle& bundle) {
  http::Bundle copy = bundle;
  visit_texts(copy, [&](const std::string& text, const SecretSpans& spans) { learn(text, spans); });
}

std::string Redactor::redact(std::string_view text) const { return redact(text, SecretSpans()); }

std::string Redactor::redact(std::string_view text, const SecretSpans& spans) const {
  std::string out(text);
  // From the end, since an escape that is rewritten keeps its size but not its neighbours' meaning.
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    replacer_.replace_value(out, span->offset, span->size);
  }
  replacer_.replace_everywhere(out);
  return out;
}

http::Bundle Redactor::redact(const http::Bundle& bundle) {
  learn(bundle);
  http::Bundle out = bundle;
  visit_texts(out,
              [&](std::string& text, const SecretSpans& spans) { text = redact(text, spans); });
  return out;
}

std::string Redactor::redact_text(std::string_view block) {
  SecretSpans spans = pem_spans(block, inside_private_key_);
  const SecretSpans found = spans_in_text(block, TextKind::log);
  spans.insert(spans.end(), found.begin(), found.end());
  spans = merged(std::move(spans));
  learn(block, spans);
  return redact(block, spans);
}

std::string redact_text(std::string_view text, std::uint64_t seed) {
  return Redactor(seed).redact_text(text);
}

}  // namespace locksmith::credential
