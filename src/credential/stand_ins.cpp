#include "credential/stand_ins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/text.hpp"

namespace locksmith::credential {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_upper_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// A name that can be shown: an upper-case key ("$" stuck to AKIA…) must not pass for one.
bool is_variable_name(std::string_view text) {
  const bool digits = std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return is_upper_name(text) && text.size() <= 40 &&
         !(text.front() >= '0' && text.front() <= '9') &&
         (text.contains('_') || (!digits && text.size() <= 12));
}

CharacterFinding whole(Defect defect, std::string_view value, std::string what,
                       std::string cleaned = {}) {
  return {.defect = defect,
          .offset = 0,
          .size = value.size(),
          .code_point = 0,
          .what = std::move(what),
          .cleaned = std::move(cleaned)};
}

// The bare name of a variable instead of its value; a real key has digits or lower case.
std::optional<CharacterFinding> find_bare_name(std::string_view value) {
  const bool names_a_key = value.ends_with("_KEY") || value.ends_with("_TOKEN") ||
                           value.ends_with("_SECRET") || value.ends_with("_PASSWORD");
  if (is_upper_name(value) && names_a_key && !value.starts_with("YOUR") &&
      !value.starts_with("MY_")) {
    return whole(Defect::unexpanded, value, "the name of a variable stands in place of its value");
  }
  return {};
}

}  // namespace

bool is_plain(std::string_view value) {
  return std::ranges::all_of(value, [](char c) { return is_word(c) || c == '-'; });
}

std::optional<CharacterFinding> find_unexpanded(std::string_view value) {
  const auto found = [&](std::string_view form) {
    return whole(Defect::unexpanded, value, fmt::format("{} was never filled in", form));
  };
  if (value.starts_with("${") || (value.contains("${") && value.contains('}')))
    return found("${…}");
  if (value.contains("{{") && value.contains("}}")) return found("{{…}}");
  if (value.starts_with("$(")) return found("$(…)");
  if (value.starts_with("$env:")) return found("$env:…");
  if (value.starts_with('$') && is_variable_name(value.substr(1))) return found(value);
  if (value.size() > 2 && value.starts_with('%') && value.ends_with('%') &&
      is_variable_name(value.substr(1, value.size() - 2))) {
    return found(value);
  }
  if (is_plain(value)) return find_bare_name(value);
  for (const std::string_view form : {"process.env", "os.environ", "os.getenv", "getenv(",
                                      "import.meta.env", "ENV[", "env(", "secrets.", "<%="}) {
    if (value.contains(form)) return found(form);
  }
  return {};
}

std::optional<CharacterFinding> find_null_word(std::string_view value) {
  for (const std::string_view word : {"undefined", "null", "none", "nil", "nan", "(null)", "<nil>",
                                      "(none)", "<null>", "false", "true", "\"\"", "''"}) {
    if (base::equals_ignoring_case(value, word)) {
      return whole(Defect::null_word, value, fmt::format("the word {} in place of a value", value));
    }
  }
  return {};
}

std::optional<CharacterFinding> find_printed_object(std::string_view value) {
  for (const std::string_view form :
       {"[object ", "<function", "<built-in", "<bound method", "function (", "function(", "=> {",
        "Promise {", "Optional[", "Optional(", "Some(", "SecretStr(", "ObjectId(", "<class '", "{'",
        "{\"", "System.", "dict_values(", "<Future"}) {
    if (value.contains(form))
      return whole(Defect::printed_object, value, fmt::format("a printed object ({}…)", form));
  }
  if ((value.starts_with("b'") && value.ends_with('\'')) ||
      (value.starts_with("b\"") && value.ends_with('"'))) {
    return whole(Defect::quote, value, "Python's b'…' around it",
                 std::string(value.substr(2, value.size() - 3)));
  }
  return {};
}

std::optional<CharacterFinding> find_placeholder(std::string_view value) {
  const auto found = [&](std::string what) {
    return whole(Defect::placeholder, value, std::move(what));
  };
  const std::string lower = base::lower(value);
  if (value.size() > 2 && ((value.starts_with('<') && value.ends_with('>')) ||
                           (value.starts_with('[') && value.ends_with(']') && value.size() > 3))) {
    return found("sample text in brackets");
  }
  // Long random values hold short words by chance; sample text is short or made of words.
  const std::size_t digits = static_cast<std::size_t>(
      std::ranges::count_if(lower, [](char c) { return c >= '0' && c <= '9'; }));
  const bool wordy = lower.size() <= 80 && digits * 4 <= lower.size();
  if (wordy) {
    for (const std::string_view word :
         {"your-",        "your_",        "yourapi",      "your api",    "yourkey",    "yourtoken",
          "yoursecret",   "your",         "my-api",       "my_api",      "myapikey",   "my-key",
          "my_key",       "api_key_here", "api-key-here", "key-here",    "key_here",   "token-here",
          "token_here",   "_here",        "-here",        "insert",      "replace",    "changeme",
          "change_me",    "change-me",    "change_this",  "placeholder", "example",    "dummy",
          "fake-key",     "fake_key",     "sample",       "put-your",    "enter-your", "enter_your",
          "todo",         "foobar",       "api_key",      "api-key",     "apikey",     "secret_key",
          "access_token", "test-key",     "test_key",     "test-token",  "abcdef",     "lorem",
          "not-needed",   "no-key"}) {
      // "your" must start a word, and a bare word of six letters must be most of the value.
      const bool telling =
          word.size() * 3 >= lower.size() || word.starts_with("your") || word.ends_with("here");
      const auto at = telling ? lower.find(word) : std::string::npos;
      if (at == std::string::npos) continue;
      if (at == 0 || !is_word(lower[at - 1]) || lower[at - 1] == '_')
        return found("sample text from documentation or a template");
    }
  }
  if (lower.contains("xxxx") && lower.size() <= 120) {
    const auto xs = static_cast<std::size_t>(std::ranges::count(lower, 'x'));
    if (xs * 3 >= lower.size() || lower.contains("xxxxxx"))
      return found("a row of x in place of a key");
  }
  if (lower.size() <= 20 && lower.ends_with("xxx")) return found("a row of x in place of a key");
  if (lower == "abc123" || lower.starts_with("12345678") || lower == "secret" ||
      lower == "password" || lower == "token" || lower == "test" || lower == "key" ||
      lower == "foo" || lower == "bar" || lower == "apikey" || lower == "bearer") {
    if (lower.size() <= 16) return found("sample text in place of a key");
  }
  return {};
}

std::optional<CharacterFinding> find_masked(std::string_view value) {
  const auto found = [&](std::string_view form) {
    return whole(Defect::masked, value,
                 fmt::format("{}: the display form of a key, not the key", form));
  };
  if (value.contains("***")) return found("asterisks");
  if (value.contains("...")) return found("an ellipsis (...)");
  if (value.contains("\u2026")) return found("an ellipsis (\u2026)");
  if (value.contains("\u2022\u2022") || value.contains("\u25cf\u25cf")) return found("bullets");
  if (base::contains_ignoring_case(value, "redacted") ||
      (value.contains(']') && (base::contains_ignoring_case(value, "[masked]") ||
                               base::contains_ignoring_case(value, "[filtered]") ||
                               base::contains_ignoring_case(value, "hidden]")))) {
    return found("a redaction mark");
  }
  return {};
}

std::optional<CharacterFinding> find_not_a_key(std::string_view value) {
  if (value.starts_with("http://") || value.starts_with("https://"))
    return whole(Defect::not_a_key, value, "a URL in place of a key");
  if (value.starts_with("/") && std::ranges::count(value, '/') >= 2 && !value.contains('=') &&
      !value.contains('+')) {
    return whole(Defect::not_a_key, value, "a file path in place of a key");
  }
  const auto equals = value.find('=');
  if (equals != std::string_view::npos && equals > 3 && is_upper_name(value.substr(0, equals)) &&
      value.substr(0, equals).contains('_') && equals + 1 < value.size() &&
      value[equals + 1] != '=') {
    return whole(Defect::not_a_key, value,
                 "an assignment NAME=value: the name belongs in front of it, not into it",
                 std::string(value.substr(equals + 1)));
  }
  if (std::ranges::count(value, ' ') >= 3)
    return whole(Defect::not_a_key, value, "a sentence in place of a key");
  if (value.starts_with("-----BEGIN"))
    return whole(Defect::not_a_key, value, "a PEM block in place of a token");
  return {};
}

}  // namespace locksmith::credential
