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

bool starts_like_a_command(std::string_view text) {
  text = base::trim(text);
  for (const std::string_view prompt : {"$ ", "# ", "> ", "% "}) {
    if (text.starts_with(prompt)) text = base::trim(text.substr(prompt.size()));
  }
  return text.starts_with("curl ") || text.starts_with("curl\t") || text.starts_with("curl.exe ") ||
         text.starts_with("curl\n") || text.starts_with("curl^") || text.starts_with("curl\\");
}

}  // namespace

Result<Question> read_text(std::string_view text, std::size_t entry) {
  std::string_view head = text;
  if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
  head = base::trim(head);
  if (head.empty())
    return fail(ErrorCode::unreadable, "the input is empty",
                "give a HAR file, a raw exchange, or a curl command");
  if (starts_like_a_command(head)) return read_command_text(text);
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
