#include "catalogue/example.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.hpp"
#include "credential/shape.hpp"

namespace locksmith::catalogue {
namespace {

constexpr int max_depth = 8;

std::unexpected<Error> wrong(std::string message, std::string hint = {}) {
  return fail(ErrorCode::usage, std::move(message), std::move(hint));
}

// FNV-1a: a seed of its own for every kind of key, the same everywhere.
std::uint64_t seed_of(std::string_view provider, std::string_view kind, std::uint64_t number) {
  std::uint64_t hash = 0xcbf29ce484222325 ^ number;
  for (const std::string_view part : {provider, std::string_view("/"), kind}) {
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

std::string base64url(std::string_view bytes) {
  std::string out = base::base64_encode(bytes);
  std::ranges::replace(out, '+', '-');
  std::ranges::replace(out, '/', '_');
  out.erase(std::min(out.find('='), out.size()));
  return out;
}

// RFC 7519; the signature has the size of one of HS256, and verifies under no secret.
std::string jwt(std::string_view payload) {
  return base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + base64url(payload) + "." +
         base64url(base::sha256(payload));
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    constexpr std::string_view names = "nrt0\\", meanings{"\n\r\t\0\\", 5};
    const std::size_t known =
        text[i] == '\\' && i + 1 < text.size() ? names.find(text[i + 1]) : names.npos;
    if (known == names.npos)
      out += text[i];
    else
      out += meanings[known], ++i;
  }
  return out;
}

std::string_view cut(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view head = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return head;
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return number;
}

Result<std::string> changed(std::string value, std::string_view change) {
  const std::string_view name = cut(change, ':');
  if (name == "append") return value + unescape(change);
  if (name == "truncate") {
    const auto count = whole_number<std::size_t>(change);
    if (count && *count <= value.size()) return value.substr(0, value.size() - *count);
  }
  return wrong(fmt::format("a key cannot be changed by \"{}:{}\"", name, change),
               "there are truncate:4 and append:\\n");
}

Result<std::string> make_key(std::string_view what, const Catalogue& catalogue,
                             std::string_view owner) {
  std::string_view name = cut(what, '|');
  std::string_view kind = name;
  if (name.find('/') != name.npos) owner = cut(kind, '/');
  std::string_view rest = kind;
  kind = cut(rest, '#');
  const auto number =
      rest.empty() ? std::optional<std::uint64_t>(1) : whole_number<std::uint64_t>(rest);
  if (!number) return wrong(fmt::format("\"{}\" is no number of a key", rest));

  const Provider* provider = catalogue.provider(owner);
  if (!provider)
    return wrong(fmt::format("there is no provider \"{}\"", owner), "{{key:PROVIDER/KIND}}");
  const auto found = std::ranges::find(provider->keys, kind, &KeyKind::kind);
  if (found == provider->keys.end())
    return wrong(fmt::format("\"{}\" has no key \"{}\"", owner, kind));
  const auto shape = credential::Shape::parse(found->shape);
  if (!shape) return std::unexpected(shape.error());

  const std::uint64_t seed = seed_of(owner, kind, *number);
  std::string key = shape->generate(seed);
  // Random text of a JWT's shape does not decode: it would be a token that somebody damaged.
  const std::string subject = std::to_string(seed) + std::string(80, '0');  // a usual length
  const std::string token = jwt(R"({"sub":")" + subject + "\"}");
  if (shape->literal_prefix().starts_with("eyJ") && shape->matches(token)) key = token;
  Result<std::string> value = credential::with_checksum(found->checksum, std::move(key));
  while (value && !what.empty()) value = changed(*value, cut(what, '|'));
  return value;
}

// The position of the `}}` that ends the template at the start of `text`. Single braces count, so
// that JSON may stand inside.
std::size_t closing(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i - 1;
  }
  return text.npos;
}

bool is_template(std::string_view text) {
  return text.starts_with("{{key:") || text.starts_with("{{base64:") || text.starts_with("{{jwt:");
}

Result<std::string> expand(std::string_view text, const Catalogue& catalogue,
                           std::string_view owner, int depth) {
  std::string out;
  if (depth > max_depth) return wrong("templates are nested too deeply");
  while (!text.empty()) {
    if (!is_template(text)) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    const std::size_t end = closing(text);
    if (end == text.npos) return wrong("a {{ without its }}");
    std::string_view argument = text.substr(2, end - 2);
    const std::string_view name = cut(argument, ':');
    const Result<std::string> inner = expand(argument, catalogue, owner, depth + 1);
    if (!inner) return inner;
    const Result<std::string> made = name == "key" ? make_key(*inner, catalogue, owner)
                                     : name == "jwt"
                                         ? Result<std::string>(jwt(*inner))
                                         : Result<std::string>(base::base64_encode(*inner));
    if (!made) return made;
    out += *made;
    text.remove_prefix(end + 2);
  }
  return out;
}

// One line without its line end; a key with a line feed appended stays in its header, because
// templates are expanded behind the split.
std::string_view next_line(std::string_view& text) {
  std::string_view line = cut(text, '\n');
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

class Reader {
 public:
  Reader(const Catalogue& catalogue, std::string_view owner)
      : catalogue_(catalogue), owner_(owner) {}

  std::string expanded(std::string_view text) {
    Result<std::string> out = expand(text, catalogue_, owner_, 0);
    if (!out && !error_) error_ = out.error();
    return out.value_or("");
  }

  http::Headers headers(std::string_view& text) {
    http::Headers out;
    while (!text.empty()) {
      std::string_view line = next_line(text);
      if (line.empty()) break;
      if (line.find(':') == line.npos) refuse(fmt::format("\"{}\" is no header", line));
      const std::string_view name = cut(line, ':');
      if (line.starts_with(' ')) line.remove_prefix(1);
      out.add(expanded(name), expanded(line));
    }
    return out;
  }

  // The line feed before the closing quotes of a TOML text is not part of the body.
  std::string body(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    return expanded(text);
  }

  void refuse(std::string message) {
    if (!error_) error_ = Error{ErrorCode::usage, std::move(message), {}};
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  const Catalogue& catalogue_;
  std::string_view owner_;
  std::optional<Error> error_;
};

http::Request read_request(Reader& reader, std::string_view text) {
  http::Request request;
  std::string_view line = next_line(text);
  request.method = cut(line, ' ');
  request.url = reader.expanded(line);
  if (request.url.find("://") == request.url.npos)
    reader.refuse("the request does not start with METHOD URL");
  request.headers = reader.headers(text);
  request.body = reader.body(text);
  return request;
}

http::Response read_response(Reader& reader, std::string_view text) {
  http::Response response;
  std::string_view line = next_line(text);
  response.status = whole_number<int>(cut(line, ' ')).value_or(0);
  if (response.status < 100 || response.status > 599)
    reader.refuse("the response does not start with a status");
  response.reason = line;
  response.headers = reader.headers(text);
  response.body = reader.body(text);
  return response;
}

}  // namespace

Result<std::string> expand(std::string_view text, const Catalogue& catalogue,
                           std::string_view owner) {
  return expand(text, catalogue, owner, 0);
}

Result<http::Exchange> read_example(const Example& example, const Catalogue& catalogue) {
  Reader reader(catalogue, example.intermediary ? std::string_view() : example.owner);
  http::Exchange exchange;
  exchange.request = read_request(reader, example.request);
  exchange.response = read_response(reader, example.response);
  exchange.partial = true;
  if (reader.error()) return std::unexpected(*reader.error());
  return exchange;
}

}  // namespace locksmith::catalogue
