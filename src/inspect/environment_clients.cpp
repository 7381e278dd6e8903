// Files of clients: a login that is sent unasked, a reference that leads nowhere.
#include <fmt/format.h>

#include "base/text.hpp"
#include "http/curl_command.hpp"
#include "http/netrc.hpp"
#include "inspect/environment.hpp"

namespace locksmith::inspect {

void judge_netrc(const Case& c, diagnosis::Findings& findings) {
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    if (!file.path.ends_with("netrc")) continue;
    const auto login = http::netrc_login(file.content, c.url.host);
    if (!login) continue;
    const bool was_sent =
        c.main && c.main->basic &&
        (c.main->basic->user == login->user ||
         (!login->password.empty() && c.main->basic->password.reveal() == login->password));
    say(findings, "environment.netrc", file.path,
        was_sent ? fmt::format("The credential that was sent is the login stored there for {}: "
                               "many clients let it override what the program set.",
                               c.url.host)
                 : fmt::format("It holds a login for {}, which many clients send on their own.",
                               c.url.host),
        {{"conflicting-credentials", was_sent ? 28.0 : 8.0}}, {},
        {fmt::format("mv {} {}   # try once without it", http::shell_quote(file.path),
                     http::shell_quote(file.path + ".off"))});
  }
}

// `${NAME}` in a client's file whose variable has no value for this process.
void judge_unset_references(const Case& c, diagnosis::Findings& findings) {
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    if (is_dotenv(file.path)) continue;
    const std::string_view text = file.content;
    for (std::size_t at = text.find("${"); at != std::string_view::npos;
         at = text.find("${", at + 2)) {
      // GitHub Actions' ${{ … }}: a second $ in front is sent literally.
      if (text.substr(at).starts_with("${{")) {
        if (at > 0 && text[at - 1] == '$')
          say(findings, "environment.literal-dollar", file.path,
              "\"$${{ … }}\" puts a literal $ in front of the value.",
              {{"malformed", 14}, {"interpolated", 12}}, {},
              {fmt::format("sed -i 's/\\$\\${{{{/${{{{/' {}", http::shell_quote(file.path))});
        continue;
      }
      const auto close = text.find('}', at);
      if (close == std::string_view::npos) break;
      const std::string name(text.substr(at + 2, text.find_first_of(":-}", at + 2) - at - 2));
      const auto variable = c.bundle.environment.variables.find(name);
      const bool unset =
          variable == c.bundle.environment.variables.end() || variable->second.empty();
      if (!unset || !holds_key(c, name)) continue;
      const bool nothing_sent = !c.main || c.main->value.empty();
      say(findings, "environment.unset-reference", file.path,
          fmt::format("It takes the key from ${{{}}}, which has no value in this environment.",
                      name),
          {{"env-unset", nothing_sent ? 22.0 : 14.0}}, {},
          {fmt::format("export {}=…", http::shell_quote(name))});
    }
  }
}

// `data:` of a Kubernetes Secret is base64; what `echo` made ends in a line feed.
// https://kubernetes.io/docs/concepts/configuration/secret/
void judge_secret_manifests(const Case& c, diagnosis::Findings& findings) {
  for (const http::EnvironmentFile& file : c.bundle.environment.files) {
    if (!file.content.contains("kind: Secret")) continue;
    std::string_view text = file.content;
    for (int line = 1; !text.empty(); ++line) {
      const auto end = text.find('\n');
      const std::string_view row = base::trim(text.substr(0, end));
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
      const auto colon = row.find(": ");
      if (colon == std::string_view::npos) continue;
      const auto decoded = base::base64_decode(base::trim(row.substr(colon + 2)));
      if (!decoded || decoded->size() < 4 || !base::is_valid_utf8(*decoded)) continue;
      if (decoded->back() == '\n')
        say(findings, "environment.manifest-line-feed", fmt::format("{}, line {}", file.path, line),
            fmt::format("{} decodes to a value that ends in a line feed.", row.substr(0, colon)),
            {{"whitespace", 18}}, {},
            {"printf %s \"$VALUE\" | base64 -w 0   # echo would add a line feed"});
    }
  }
}

}  // namespace locksmith::inspect
