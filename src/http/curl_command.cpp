// The order of the work: words are told apart into options, arguments and URLs; curl_effects.cpp
// says what an option means, curl_request.cpp what all of them amount to.
#include "http/curl_command.hpp"

#include <algorithm>

#include "http/curl_config.hpp"
#include "http/curl_options.hpp"
#include "http/curl_reader.hpp"

namespace locksmith::http {
namespace {

constexpr int config_depth_limit = 5;  // as CONFIG_MAX_LEVELS in curl's src/tool_getparam.h

class WordReader {
 public:
  WordReader(CurlState& state, int depth) : state_(state), depth_(depth) {}

  void read_all(std::span<const std::string> words) {
    for (std::size_t i = 0; i < words.size() && !state_.ended; ++i) {
      const std::string* next = i + 1 < words.size() ? &words[i + 1] : nullptr;
      const std::string word = options_ended_ ? words[i] : without_dash(words[i]);
      if (options_ended_ || !word.starts_with('-')) {
        state_.urls.push_back(word);
      } else if (word == "--") {
        options_ended_ = true;
      } else if (read_option(word, next)) {
        ++i;
      }
    }
  }

  // True when `next` was the option's argument.
  bool read_option(std::string_view word, const std::string* next) {
    return word.starts_with("--") ? read_long(word, next) : read_short(word, next);
  }

 private:
  std::string without_dash(const std::string& word);
  bool read_long(std::string_view word, const std::string* next);
  bool read_short(std::string_view word, const std::string* next);
  bool apply(const CurlOption& option, const std::string* argument, bool on);
  void read_config(const std::string& path);

  CurlState& state_;
  int depth_;
  bool options_ended_ = false;
};

// Word processors make an en dash (U+2013) of "--" or "-", some pages have U+2010 to U+2015 or the
// minus sign U+2212. curl takes such a word for a URL; here it is the option that was meant.
std::string WordReader::without_dash(const std::string& word) {
  const std::string_view first = std::string_view(word).substr(0, 3);
  const bool hyphens = first >= "\xe2\x80\x90" && first <= "\xe2\x80\x95";
  if (first.size() < 3 || (!hyphens && first != "\xe2\x88\x92")) return word;
  state_.note(Note::Kind::dash, "a typographic dash is no hyphen: curl takes that word for a URL");
  std::string_view rest = std::string_view(word).substr(3);
  if (rest.starts_with('-')) rest.remove_prefix(1);
  const std::string_view name = rest.substr(0, rest.find('='));
  const bool is_long =
      std::ranges::any_of(curl_options(), [&](const auto& o) { return o.name == name; });
  return (is_long ? "--" : "-") + std::string(rest);
}

bool WordReader::read_long(std::string_view word, const std::string* next) {
  const auto found = find_long_option(word.substr(2));
  if (!found) {
    // What stands behind '=' could be a secret.
    state_.command.skipped.emplace_back(word.substr(0, word.find('=')));
    return false;
  }
  if (found->expand) {
    state_.note(Note::Kind::curl_variable,
                "curl replaces {{name}} in an --expand- option; here it stays");
  }
  if (found->argument) {
    const std::string argument(*found->argument);
    apply(*found->option, &argument, found->on);
    return false;
  }
  return apply(*found->option, next, found->on) && found->option->takes_argument;
}

// "-sSLH" is four options, and what follows a letter that takes an argument is its argument.
bool WordReader::read_short(std::string_view word, const std::string* next) {
  if (word.size() == 1) state_.command.skipped.emplace_back(word);
  for (std::size_t i = 1; i < word.size(); ++i) {
    const CurlOption* option = find_short_option(word[i]);
    if (!option) {
      state_.command.skipped.push_back("-" + std::string(1, word[i]));
      return false;
    }
    if (option->takes_argument && i + 1 < word.size()) {
      const std::string argument(word.substr(i + 1));
      apply(*option, &argument, true);
      return false;
    }
    if (option->takes_argument) return apply(*option, next, true);
    apply(*option, nullptr, true);
  }
  return false;
}

// False when the option lacks its argument.
bool WordReader::apply(const CurlOption& option, const std::string* argument, bool on) {
  if (option.takes_argument && !argument) {
    state_.note(Note::Kind::refused_by_curl,
                "--" + std::string(option.name) + " lacks its argument: curl sends nothing");
    return false;
  }
  if (option.name == "config") {
    read_config(*argument);
  } else {
    apply_option(state_, option.name, option.takes_argument ? std::string_view(*argument) : "", on);
  }
  return true;
}

void WordReader::read_config(const std::string& path) {
  if (depth_ >= config_depth_limit) return;
  WordReader inner(state_, depth_ + 1);
  for (const ConfigLine& line : parse_curl_config(state_.content_of(path))) {
    inner.read_option(line.option, line.argument ? &*line.argument : nullptr);
  }
}

Result<CurlCommand> read_command(std::span<const std::string> words, const ShellCommand& source,
                                 const CurlReading& reading) {
  CurlState state(reading, source);
  state.command.notes = source.notes;
  if (!words.empty() && is_curl_program(words.front())) words = words.subspan(1);
  WordReader(state, 0).read_all(words);
  // A word of blanks is what is left of a backslash that does not end its line.
  std::erase_if(state.urls, [](const std::string& url) {
    return url.find_first_not_of(" \t\r\n") == url.npos;
  });
  if (state.urls.empty()) {
    return fail(ErrorCode::usage, "the curl command names no URL",
                source.notes.empty()
                    ? "paste the whole command, from curl on, between single quotes or in a file"
                    : source.notes.back().text);
  }
  if (state.urls.size() > 1 || state.ended) {
    state.note(Note::Kind::several_urls,
               "the command asks for more than one URL; only the first is read");
  }
  state.command.request = build_request(state);
  return std::move(state.command);
}

}  // namespace

void CurlState::note(Note::Kind kind, std::string_view text) {
  const Note note{kind, std::string(text)};
  if (std::ranges::find(command.notes, note) == command.notes.end()) command.notes.push_back(note);
}

std::string CurlState::content_of(const std::string& path) {
  if (path == "-" && source.standard_input) return *source.standard_input;
  const std::string name = path == "-" ? source.input_file.value_or("-") : path;
  if (name != "-" && reading.read_file && files_left-- > 0) {
    if (auto content = reading.read_file(name)) return std::move(*content);
  }
  // Not even the name is shown: a secret that begins with '@' is taken for one.
  note(Note::Kind::unread_file, name == "-" ? "what curl read from standard input is not known"
                                            : "a file that the command names cannot be read");
  return {};
}

Result<CurlCommand> parse_curl(std::span<const std::string> words, const CurlReading& reading) {
  return read_command(words, ShellCommand(), reading);
}

Result<CurlCommand> parse_curl_text(std::string_view text, const CurlReading& reading) {
  const ShellCommand command = find_curl_command(text, reading.shell);
  return read_command(command.words, command, reading);
}

}  // namespace locksmith::http
