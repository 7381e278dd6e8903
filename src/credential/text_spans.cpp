// Secrets in free text: behind a secret's name, behind a well-known prefix, in URLs and in command
// lines. One scanner reads logs, JSON, YAML, .env files, .netrc files and shells alike, because
// what people paste is a mixture of them.
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "credential/secret_names.hpp"
#include "credential/secret_spans.hpp"

namespace locksmith::credential {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_name_character(char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; }
bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

class TextScanner {
 public:
  TextScanner(std::string_view text, TextKind kind) : text_(text), kind_(kind) {}

  SecretSpans scan() {
    for (std::size_t at = 0; at < text_.size();) {
      if (!spans_.empty() && at >= spans_.back().offset) {
        // What is a secret already needs no second look.
        const std::size_t covered = spans_.back().offset + spans_.back().size;
        if (at < covered) {
          at = covered;
          continue;
        }
      }
      if (text_[at] == ':' && text_.substr(at).starts_with("://")) add_url(at);
      const bool word_starts =
          is_alnum(text_[at]) && (at == 0 || !(is_alnum(text_[at - 1]) || text_[at - 1] == '_'));
      if (text_[at] == '-') add_option(at);
      at = word_starts ? add_word(at) : at + 1;
    }
    return merged(std::move(spans_));
  }

 private:
  struct Value {
    std::size_t offset = 0, end = 0;
    bool quoted = false;
  };

  char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  // No key is longer than this, and no text may cost its length squared.
  static constexpr std::size_t kLongest = 8 * 1024;
  std::size_t find_any(std::string_view characters, std::size_t from) const {
    const std::size_t limit = std::min(from + kLongest, text_.size());
    const std::size_t hit = text_.substr(0, limit).find_first_of(characters, from);
    return std::min(hit, limit);
  }
  std::size_t skip_blanks(std::size_t i) const {
    while (at(i) == ' ' || at(i) == '\t') ++i;
    return i;
  }
  // A quote, also one that is escaped because the text is a string within a string.
  std::size_t quote_size(std::size_t i) const {
    std::size_t end = i;
    while (at(end) == '\\' && end - i < 3) ++end;
    return is_quote(at(end)) ? end + 1 - i : 0;
  }
  // The line around `i`. Remembered, since a whole HAR may be one line.
  std::size_t line_end(std::size_t i) {
    if (i < line_start_ || i > line_end_) {
      const std::size_t before = i == 0 ? npos : text_.rfind('\n', i - 1);
      line_start_ = before == npos ? 0 : before + 1;
      line_end_ = std::min(text_.find_first_of("\r\n", i), text_.size());
    }
    return line_end_;
  }
  // At most 80 bytes of the line in front of `i`.
  std::string_view line_before(std::size_t i) {
    line_end(i);
    const std::size_t from = std::max(line_start_, i < 80 ? 0 : i - 80);
    return text_.substr(from, i - from);
  }

  void add(std::size_t offset, std::size_t end, SecretKind kind, bool basic = false) {
    if (end > offset) spans_.push_back({offset, end - offset, kind, basic});
  }
  void add_all(const SecretSpans& spans, std::size_t offset) {
    for (SecretSpan span : spans) {
      span.offset += offset;
      spans_.push_back(span);
    }
  }

  // A word that is a key by itself, or the name of one. Returns where to go on.
  std::size_t add_word(std::size_t start) {
    std::size_t end = start;
    while (end < text_.size() && is_name_character(text_[end])) ++end;
    const std::string_view word = text_.substr(start, end - start);
    if (add_known_key(start, word)) return end;
    add_named(start, end, word);
    return end;
  }

  bool add_known_key(std::size_t start, std::string_view word) {
    const KnownPrefix prefix = known_prefix(word);
    std::size_t end = start + word.size();
    while (end > start && !is_alnum(text_[end - 1]) && text_[end - 1] != '_') --end;  // "…, key."
    if (prefix.text.empty() || end - start < prefix.text.size() + prefix.min_rest) return false;
    if (prefix.text == "ATATT3xFfGF0" && at(end) == '=') end = find_any(" \t\r\n\"'<>,;&", end);
    add(start, end, SecretKind::key);
    return true;
  }

  void add_named(std::size_t start, std::size_t end, std::string_view word) {
    const std::size_t quote = quote_size(end);
    const std::size_t behind_quote = end + quote;
    std::size_t i = skip_blanks(behind_quote);
    const std::size_t separator = i;
    if (at(i) == ':' && at(i + 1) != '/') {
      i += at(i + 1) == '=' ? 2 : 1;
    } else if (at(i) == '=') {
      i += at(i + 1) == '>' ? 2 : 1;
    } else if (quote > 0 && at(i) == ',') {  // ("Authorization", "Bearer …")
      ++i;
      const bool opens_pair = start >= 2 && (text_[start - 2] == '(' || text_[start - 2] == '[');
      if (!opens_pair || !quote_size(skip_blanks(i))) return;
    } else if (at(i) == '>' && start > 0 && text_[start - 1] == '<') {  // <Password>…</Password>
      ++i;
    } else {
      return add_prose(start, i, word);
    }
    i = skip_blanks(i);
    if (i == behind_quote || i >= text_.size()) return;
    if (word == "name" || word == "key" || word == "header") pair_name_ = value_text(i, start, '"');
    std::string_view name = word;
    if ((word == "value" || word == "val") && !pair_name_.empty()) {
      name = pair_name_;
      return add_value(name, true, i, start, text_[separator], quote > 0), pair_name_ = {}, void();
    }
    add_value(name, false, i, start, text_[separator], quote > 0);
  }

  std::string_view value_text(std::size_t i, std::size_t start, char separator) {
    const Value value = value_at(i, start, separator, false, true);
    return value.end - value.offset <= 64 ? text_.substr(value.offset, value.end - value.offset)
                                          : "";
  }

  // The extent of the value that starts at `i`, for the name that starts at `start`.
  Value value_at(std::size_t i, std::size_t start, char separator, bool header, bool name_quoted) {
    if (const std::size_t quote = quote_size(i); quote > 0) {
      const std::string_view mark = text_.substr(i, quote);
      const std::size_t limit =
          mark.back() == '`' ? text_.size() : std::max(line_end(i), i + quote);
      std::size_t end = i + quote;
      while (end < limit && text_.substr(end, quote) != mark)
        end += quote == 1 && text_[end] == '\\' ? 2 : 1;
      return {i + quote, std::min(end, limit), true};
    }
    // -H 'Name: value': the quote in front of the name ends the value.
    const std::size_t opening = start > 0 && is_quote(text_[start - 1]) ? start - 1 : npos;
    if (header) {
      const std::size_t end = line_end(i);
      if (opening == npos) return {i, end, false};
      return {i, std::min(text_.find(text_[opening], i), end), false};
    }
    if (start > 0 && (text_[start - 1] == '&' || text_[start - 1] == '?')) {
      return {i, find_any("&# \t\r\n\"'<>\\", i), false};
    }
    if (separator == '>') return {i, find_any("<\r\n", i), false};
    if (kind_ == TextKind::file && !name_quoted && is_own_line(start)) {
      std::size_t end = line_end(i);
      if (const std::size_t comment = text_.substr(i, end - i).find(" #"); comment != npos)
        end = i + comment;
      return {i, end, false};
    }
    if (kind_ == TextKind::body && separator == '=')
      return {i, find_any("& \t\r\n\"'<>", i), false};
    return {i, find_any(" \t\r\n,;&)}]<>\"'`\\", i), false};
  }

  // A line of a .env, INI, properties or YAML file starts with its name.
  bool is_own_line(std::size_t start) {
    std::string_view before = base::trim(line_before(start));
    return before.empty() || before == "-" || before == "export" || before == "set" ||
           before == "ENV";
  }

  void add_value(std::string_view name, bool pair, std::size_t i, std::size_t start, char separator,
                 bool name_quoted) {
    const std::string lower = base::lower(name);
    const bool cookie = lower == "cookie" || lower == "set-cookie";
    const bool header = separator != '=' && (cookie || lower.ends_with("authorization") ||
                                             (lower.contains('-') && !name_quoted));
    const Secrecy secrecy = secrecy_in(name, pair, header, separator, start);
    if (secrecy == Secrecy::none) return;
    const Value value = value_at(i, start, separator, header, name_quoted);
    const std::string_view text = text_.substr(value.offset, value.end - value.offset);
    if (!is_wanted(name, text, value.quoted, secrecy, separator)) return;
    if (cookie || header || (pair && secrecy_of(name, NameKind::header) == Secrecy::sure)) {
      add_all(spans_in_header(name, text), value.offset);
    } else {
      const SecretKind kind = is_password_name(name) ? SecretKind::password : SecretKind::key;
      const SecretSpans spans =
          kind == SecretKind::key ? spans_in_variable("TOKEN", text) : SecretSpans();
      if (kind == SecretKind::password) add(value.offset, value.end, kind);
      add_all(spans, value.offset);
    }
  }

  Secrecy secrecy_in(std::string_view name, bool pair, bool header, char separator,
                     std::size_t start) const {
    Secrecy secrecy = secrecy_of(name, header || pair ? NameKind::header : NameKind::member);
    if (pair || std::ranges::none_of(
                    name, [](char c) { return std::islower(static_cast<unsigned char>(c)); })) {
      secrecy = std::max(secrecy, secrecy_of(name, NameKind::variable));
    }
    const bool parameter =
        separator == '=' && start > 0 && (text_[start - 1] == '&' || text_[start - 1] == '?');
    if (parameter) secrecy = std::max(secrecy, secrecy_of(name, NameKind::parameter));
    return secrecy;
  }

  bool is_wanted(std::string_view name, std::string_view value, bool quoted, Secrecy secrecy,
                 char separator) const {
    const std::string_view word = trim_defects(value);
    const bool number = std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
    if (number && !quoted && word.size() < 8 && !is_password_name(name))
      return false;  // "token": 12
    const std::string_view last = word.substr(word.find_last_of(' ') + 1);
    if (secrecy == Secrecy::maybe || kind_ == TextKind::answer) return looks_random(last);
    if (kind_ != TextKind::log || quoted || separator == '=') return true;
    // "Password: incorrect": prose about a secret.
    const bool prose =
        word.size() <= 10 && std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
    return !prose || is_password_name(name);
  }

  // "Bearer abc…", "token abc…", and .netrc's "password abc" (curl's and ftp's .netrc format,
  // https://everything.curl.dev/usingcurl/netrc.html).
  void add_prose(std::size_t start, std::size_t i, std::string_view word) {
    const std::string lower = base::lower(word);
    static constexpr std::array<std::string_view, 8> kNames{
        "bearer", "basic", "token", "key", "secret", "password", "apikey", "credential"};
    if (i == start + word.size() || std::ranges::find(kNames, lower) == kNames.end()) return;
    const std::size_t value = i + quote_size(i);
    const std::size_t end = find_any(" \t\r\n,;&)}]<>\"'`\\", value);
    const std::string_view before = line_before(start);
    const bool netrc =
        lower == "password" && (before.contains("login ") || before.contains("machine ") ||
                                (kind_ == TextKind::file && base::trim(before).empty()));
    if (netrc) return add(value, end, SecretKind::password);
    std::size_t last = end;
    while (last > value && text_[last - 1] == '.') --last;
    if (!looks_random(text_.substr(value, last - value))) return;
    add(value, last, SecretKind::key, lower == "basic");
  }

  // curl's -u, -U and -b, and any --option that is called like a secret.
  void add_option(std::size_t dash) {
    if (dash > 0 && !std::isspace(static_cast<unsigned char>(text_[dash - 1])) &&
        !is_quote(text_[dash - 1]))
      return;
    std::size_t end = dash;
    while (end < text_.size() && (is_alnum(text_[end]) || text_[end] == '-' || text_[end] == '_'))
      ++end;
    std::string_view option = text_.substr(dash, end - dash);
    const bool glued = option.size() > 2 && (option.starts_with("-u") || option.starts_with("-U") ||
                                             option.starts_with("-b"));
    if (glued) {  // -uuser:password
      end = dash + 2;
      option = option.substr(0, 2);
    }
    std::size_t i = end;
    if (!glued) {
      if (at(i) == '=') ++i;
      i = skip_blanks(i);
      if (i == end) return;
    }
    const std::size_t quote = quote_size(i);
    const std::size_t value = i + quote;
    const std::size_t close = quote > 0
                                  ? std::min(text_.find(text_[value - 1], value), text_.size())
                                  : find_any(" \t\r\n\"'\\", value);
    const std::string_view text = text_.substr(value, close - value);
    if (option == "-u" || option == "--user" || option == "-U" || option == "--proxy-user") {
      const std::size_t colon = text.find(':');
      if (colon != npos) add(value + colon + 1, close, SecretKind::password);
      if (colon != npos && colon + 1 == text.size()) add(value, value + colon, SecretKind::key);
    } else if (option == "-b" || option == "--cookie") {
      if (text.contains('=')) add_all(spans_in_header("Cookie", text), value);
    } else if (option.starts_with("--") && !text.starts_with('-') &&
               secrecy_of(option.substr(2), NameKind::variable) == Secrecy::sure &&
               kind_ != TextKind::answer) {
      add(value, close, is_password_name(option) ? SecretKind::password : SecretKind::key);
    } else if (option == "--oauth2-bearer") {
      add(value, close, SecretKind::key);
    }
  }

  void add_url(std::size_t colon) {
    // A URL may stand within another's query; deeper than that it is no URL.
    nested_urls_ = colon < url_end_ ? nested_urls_ + 1 : 0;
    if (nested_urls_ > 3) return;
    std::size_t start = colon;
    while (start > 0 && colon - start < 16 && is_alnum(text_[start - 1])) --start;
    const std::size_t end = find_any(" \t\r\n\"'`<>\\", colon);
    url_end_ = std::max(url_end_, end);
    add_all(spans_in_url(text_.substr(start, end - start)), start);
  }

  std::string_view text_;
  TextKind kind_;
  std::size_t line_start_ = 1, line_end_ = 0;  // of the line seen last; none yet
  std::size_t url_end_ = 0, nested_urls_ = 0;
  std::string_view pair_name_;  // of {"name": …, "value": …}, as HAR and Kubernetes write
  SecretSpans spans_;
};

}  // namespace

SecretSpans spans_in_text(std::string_view text, TextKind kind) {
  bool inside = false;
  SecretSpans spans = pem_spans(text, inside);
  const SecretSpans found = TextScanner(text, kind).scan();
  spans.insert(spans.end(), found.begin(), found.end());
  // `password=…` opens a form, whose first name no '&' precedes.
  if (kind == TextKind::body && !text.empty() && is_alnum(text[0]) &&
      text.find_first_of(" \n") == npos) {
    const std::string query = "?" + std::string(text);
    for (SecretSpan span : spans_in_url("x://" + query)) {
      span.offset -= 5;
      spans.push_back(span);
    }
  }
  return merged(std::move(spans));
}

}  // namespace locksmith::credential
