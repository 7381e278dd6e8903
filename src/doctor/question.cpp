#include "doctor/question.hpp"

#include "base/text.hpp"
#include "http/har.hpp"
#include "http/raw_exchange.hpp"

namespace locksmith::doctor {
namespace {

Question of_bundle(http::Bundle bundle) {
  Question question;
  question.answered =
      bundle.failure().response.status != 0 || !bundle.failure().response.body.empty();
  question.bundle = std::move(bundle);
  return question;
}

Result<Question> of_command(Result<http::CurlCommand> command) {
  if (!command) return std::unexpected(command.error());
  Question question;
  question.bundle.exchanges.push_back({.request = std::move(command->request)});
  question.options = std::move(command->options);
  question.notes = std::move(command->notes);
  question.skipped = std::move(command->skipped);
  return question;
}

// A prompt that was copied along says nothing.
std::string_view without_prompt(std::string_view text) {
  for (const std::string_view prompt : {"$ ", "# ", "> ", "% "}) {
    if (text.starts_with(prompt)) return base::trim(text.substr(prompt.size()));
  }
  return text;
}

bool starts_like_a_command(std::string_view text) {
  text = without_prompt(text);
  for (const std::string_view name : {"curl.exe", "curl"}) {
    if (!text.starts_with(name)) continue;
    const std::string_view rest = text.substr(name.size());
    return !rest.empty() && std::string_view(" \t\r\n^\\`").contains(rest.front());
  }
  return false;
}

// Where the output of a command begins that was copied together with it; npos: it was not.
std::size_t start_of_output(std::string_view text) {
  for (std::size_t line = text.find('\n'); line != std::string_view::npos;
       line = text.find('\n', line + 1)) {
    const std::string_view rest = text.substr(line + 1);
    for (const std::string_view start : {"HTTP/", "* ", "> ", "< "}) {
      if (rest.starts_with(start)) return line + 1;
    }
  }
  return std::string_view::npos;
}

Result<Question> read_session(std::string_view text) {
  const std::size_t output = start_of_output(text);
  if (output == std::string_view::npos) return read_command_text(text);
  auto question = read_command_text(text.substr(0, output));
  if (!question) return question;
  return with_response(std::move(*question), text.substr(output));
}

}  // namespace

Result<Question> read_text(std::string_view text, std::size_t entry) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  const std::string_view head = base::trim(text);
  if (head.empty()) {
    return fail(ErrorCode::unreadable, "the input is empty",
                "give a HAR file, a raw exchange, or a curl command");
  }
  if (starts_like_a_command(head)) return read_session(head);
  // A HAR is one JSON object; a body alone may be one too.
  const bool har =
      head.starts_with('{') && (head.contains("\"log\"") || head.contains("\"entries\""));
  auto bundle = har ? http::read_har(text, entry ? std::optional(entry) : std::nullopt)
                    : http::read_raw_exchange(text);
  if (!bundle) return std::unexpected(bundle.error());
  return of_bundle(std::move(*bundle));
}

Result<Question> read_command(std::span<const std::string> words) {
  return of_command(http::parse_curl(words));
}
Result<Question> read_command_text(std::string_view text) {
  return of_command(http::parse_curl_text(text));
}

Result<Question> with_response(Question question, std::string_view response) {
  auto bundle = http::read_response(response, question.bundle.failure().request);
  if (!bundle) return std::unexpected(bundle.error());
  bundle->environment = std::move(question.bundle.environment);
  question.bundle = std::move(*bundle);
  question.answered = true;
  return question;
}

}  // namespace locksmith::doctor
