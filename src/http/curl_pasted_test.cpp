// Whole commands as people paste them, modelled on vendors' documentation and on questions that
// were asked about it. Keys are dummies.
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "http/curl_test_support.hpp"

namespace locksmith::http {
namespace {

struct Pasted {
  std::string_view text;
  std::string expected;
  std::vector<Note::Kind> notes = {};
};

using Kind = Note::Kind;
const std::string form = " | Content-Type: application/x-www-form-urlencoded";
std::string basic(std::string_view user) {
  return " | Authorization: Basic " + base::base64_encode(user);
}

void check(std::span<const Pasted> cases) {
  for (const Pasted& pasted : cases) {
    const auto command = parse_curl_text(pasted.text, reading_from({}));
    EXPECT_EQ(shown(command), pasted.expected) << pasted.text;
    if (!command) continue;
    EXPECT_EQ(kinds(command), pasted.notes) << pasted.text;
    EXPECT_TRUE(command->skipped.empty()) << pasted.text;
  }
}

TEST(Pasted, FromDocumentation) {
  const Pasted cases[] = {
      {"curl https://api.openai.com/v1/models \\\n  -H \"Authorization: Bearer KEY\"",
       "GET https://api.openai.com/v1/models | Authorization: Bearer KEY"},
      {"curl https://api.openai.com/v1/chat/completions \\\n  -H \"Content-Type: "
       "application/json\" \\\n"
       "  -H \"Authorization: Bearer $OPENAI_API_KEY\" \\\n  -d '{\n    \"model\": \"gpt\"\n  }'",
       "POST https://api.openai.com/v1/chat/completions | Content-Type: application/json | "
       "Authorization: Bearer "
       "$OPENAI_API_KEY | {\n    \"model\": \"gpt\"\n  }",
       {Kind::shell_expansion}},
      {"curl https://api.openai.com/v1/files -H \"Authorization: Bearer KEY\" -H "
       "'OpenAI-Organization: org-1'",
       "GET https://api.openai.com/v1/files | Authorization: Bearer KEY | OpenAI-Organization: "
       "org-1"},
      {"curl https://api.anthropic.com/v1/messages --header \"x-api-key: KEY\" --header "
       "\"anthropic-version: 2023-06-01\" --header \"content-type: application/json\" --data "
       "'{\"max_tokens\": 1}'",
       "POST https://api.anthropic.com/v1/messages | x-api-key: KEY | anthropic-version: "
       "2023-06-01 | content-type: "
       "application/json | {\"max_tokens\": 1}"},
      {"curl https://api.stripe.com/v1/charges \\\n  -u KEY: \\\n  -d amount=2000 \\\n  -d "
       "currency=usd \\\n"
       "  -d \"description\"=\"My First Test\"",
       "POST https://api.stripe.com/v1/charges" + basic("KEY:") + form +
           " | amount=2000&currency=usd&description=My First Test"},
      {"curl https://api.stripe.com/v1/customers -u \"KEY:\" -d \"metadata[order_id]\"=6735 -H "
       "\"Stripe-Version: 2024-06-20\"",
       "POST https://api.stripe.com/v1/customers" + basic("KEY:") +
           " | Stripe-Version: 2024-06-20" + form + " | metadata[order_id]=6735"},
      {"curl -G https://api.stripe.com/v1/charges -u KEY: -d limit=3",
       "GET https://api.stripe.com/v1/charges?limit=3" + basic("KEY:")},
      {"curl --request GET \\\n--url \"https://api.github.com/octocat\" \\\n--header "
       "\"Authorization: Bearer KEY\" \\\n"
       "--header \"X-GitHub-Api-Version: 2022-11-28\"",
       "GET https://api.github.com/octocat | Authorization: Bearer KEY | X-GitHub-Api-Version: "
       "2022-11-28"},
      {"curl -L \\\n  -X POST \\\n  -H \"Accept: application/vnd.github+json\" \\\n  -H "
       "\"Authorization: token KEY\" \\\n"
       "  https://api.github.com/repos/OWNER/REPO/issues \\\n  -d '{\"title\":\"Found a bug\"}'",
       "POST https://api.github.com/repos/OWNER/REPO/issues | Accept: application/vnd.github+json "
       "| Authorization: token "
       "KEY" +
           form + " | {\"title\":\"Found a bug\"}"},
      {"curl -i -u octocat:KEY https://api.github.com/user",
       "GET https://api.github.com/user" + basic("octocat:KEY")},
      {"curl --header \"PRIVATE-TOKEN: <your_access_token>\" "
       "\"https://gitlab.example.com/api/v4/projects\"",
       "GET https://gitlab.example.com/api/v4/projects | PRIVATE-TOKEN: <your_access_token>"},
      {"curl \"https://gitlab.example.com/api/v4/projects?private_token=KEY\"",
       "GET https://gitlab.example.com/api/v4/projects?private_token=KEY"},
      {"curl \"https://api.telegram.org/bot123456:KEY/getMe\"",
       "GET https://api.telegram.org/bot123456:KEY/getMe"},
      {"curl -s -X POST https://api.telegram.org/bot123:KEY/sendMessage -d chat_id=1 -d "
       "text=\"Hello World\"",
       "POST https://api.telegram.org/bot123:KEY/sendMessage" + form +
           " | chat_id=1&text=Hello World"},
      {"curl -X POST -H 'Authorization: Bearer KEY' -H 'Content-type: application/json; "
       "charset=utf-8' "
       "--data '{\"channel\":\"C1\",\"text\":\"hi\"}' https://slack.com/api/chat.postMessage",
       "POST https://slack.com/api/chat.postMessage | Authorization: Bearer KEY | Content-type: "
       "application/json; "
       "charset=utf-8 | {\"channel\":\"C1\",\"text\":\"hi\"}"},
      {"curl -X POST 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json' "
       "\\\n--data-urlencode 'To=+15558675310' "
       "\\\n--data-urlencode \"Body=Hi there\" \\\n-u AC1:KEY",
       "POST https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json" + basic("AC1:KEY") +
           form + " | To=%2B15558675310&Body=Hi+there"},
      {"curl --request POST --url https://api.sendgrid.com/v3/mail/send --header 'Authorization: "
       "Bearer KEY' --header "
       "'Content-Type: application/json' --data '{\"subject\": \"Hi\"}'",
       "POST https://api.sendgrid.com/v3/mail/send | Authorization: Bearer KEY | Content-Type: "
       "application/json | "
       "{\"subject\": \"Hi\"}"},
      {"curl -X GET \"https://api.cloudflare.com/client/v4/user/tokens/verify\" \\\n     -H "
       "\"Authorization: Bearer KEY\" \\\n"
       "     -H \"Content-Type:application/json\"",
       "GET https://api.cloudflare.com/client/v4/user/tokens/verify | Authorization: Bearer KEY | "
       "Content-Type: "
       "application/json"},
      {"curl https://api.cloudflare.com/client/v4/zones --header \"X-Auth-Email: a@example.com\" "
       "--header 'X-Auth-Key: KEY'",
       "GET https://api.cloudflare.com/client/v4/zones | X-Auth-Email: a@example.com | X-Auth-Key: "
       "KEY"},
      {"curl -X POST -H \"Content-Type: application/json\" -d '{}' "
       "\"https://generativelanguage.googleapis.com/v1beta/models/gemini:generateContent?key=KEY\"",
       "POST "
       "https://generativelanguage.googleapis.com/v1beta/models/gemini:generateContent?key=KEY | "
       "Content-Type: "
       "application/json | {}"},
      {"curl -X GET -H \"X-goog-api-key: KEY\" "
       "'https://maps.googleapis.com/maps/api/geocode/json?address=a+b&key=KEY'",
       "GET https://maps.googleapis.com/maps/api/geocode/json?address=a+b&key=KEY | "
       "X-goog-api-key: KEY"},
      {"curl -H \"Authorization: Bearer $(gcloud auth print-access-token)\" "
       "https://cloudresourcemanager.googleapis.com/v1/projects",
       "GET https://cloudresourcemanager.googleapis.com/v1/projects | Authorization: Bearer "
       "$(gcloud auth "
       "print-access-token)",
       {Kind::shell_expansion}},
      {"curl --aws-sigv4 \"aws:amz:us-east-1:execute-api\" --user \"ID:KEY\" -H "
       "\"x-amz-security-token: T\" "
       "https://a.execute-api.us-east-1.amazonaws.com/prod",
       "GET https://a.execute-api.us-east-1.amazonaws.com/prod | x-amz-security-token: T"},
      {"curl -v -XGET \"https://a.execute-api.us-east-1.amazonaws.com/prod/pets\" -H 'x-api-key: "
       "KEY'",
       "GET https://a.execute-api.us-east-1.amazonaws.com/prod/pets | x-api-key: KEY"},
      {"curl -v -X POST \"https://api-m.sandbox.paypal.com/v1/oauth2/token\" -u "
       "\"CLIENT_ID:CLIENT_SECRET\" -H "
       "\"Content-Type: application/x-www-form-urlencoded\" -d \"grant_type=client_credentials\"",
       "POST https://api-m.sandbox.paypal.com/v1/oauth2/token" + basic("CLIENT_ID:CLIENT_SECRET") +
           form + " | grant_type=client_credentials"},
      {"curl 'https://api.notion.com/v1/users' -H 'Authorization: Bearer '\"$NOTION_API_KEY\"'' -H "
       "\"Notion-Version: "
       "2022-06-28\"",
       "GET https://api.notion.com/v1/users | Authorization: Bearer $NOTION_API_KEY | "
       "Notion-Version: 2022-06-28",
       {Kind::shell_expansion}},
      {"curl -H \"Authorization: Bot KEY\" -A \"DiscordBot (https://x, 1)\" "
       "https://discord.com/api/v10/users/@me",
       "GET https://discord.com/api/v10/users/@me | User-Agent: DiscordBot (https://x, 1) | "
       "Authorization: Bot KEY"},
      {"curl -D- -u fred@example.com:KEY -X GET -H \"Content-Type: application/json\" "
       "https://x.atlassian.net/rest/api/2/issue/1",
       "GET https://x.atlassian.net/rest/api/2/issue/1" + basic("fred@example.com:KEY") +
           " | Content-Type: application/json"},
      {"curl https://example.zendesk.com/api/v2/users.json -u jdoe@example.com/token:KEY",
       "GET https://example.zendesk.com/api/v2/users.json" + basic("jdoe@example.com/token:KEY")},
      {"curl --oauth2-bearer KEY https://api.x.com/2/users/me",
       "GET https://api.x.com/2/users/me | Authorization: Bearer KEY"},
      {"curl -s --user 'api:KEY' https://api.mailgun.net/v3/d/messages --form-string from='A "
       "<a@d>' --form-string t=x -o "
       "/dev/null",
       "POST https://api.mailgun.net/v3/d/messages" + basic("api:KEY") +
           " | Content-Type: multipart/form-data; "
           "boundary=------------------------locksmithformdata | "
           "--------------------------locksmithformdata\r\nContent-Disposition: form-data; "
           "name=\"from\"\r\n\r\nA "
           "<a@d>\r\n--------------------------locksmithformdata\r\nContent-Disposition: "
           "form-data; "
           "name=\"t\"\r\n\r\nx\r\n--------------------------locksmithformdata--\r\n"},
      {"curl -k --cert client.pem --key key.pem https://kubernetes.default.svc/api -H "
       "\"Authorization: Bearer T\"",
       "GET https://kubernetes.default.svc/api | Authorization: Bearer T"},
      {"curl -XPUT 'localhost:9200/my-index?pretty' -H 'Content-Type: application/json' -u "
       "elastic:KEY -d'{\"a\":1}'",
       "PUT http://localhost:9200/my-index?pretty" + basic("elastic:KEY") +
           " | Content-Type: application/json | {\"a\":1}"},
      {"curl --header \"X-Vault-Token: T\" --request LIST http://127.0.0.1:8200/v1/secret/metadata",
       "LIST http://127.0.0.1:8200/v1/secret/metadata | X-Vault-Token: T"},
      {"curl -sSf -XHEAD https://registry.example/v2/ -u user:KEY | head",
       "HEAD https://registry.example/v2/" + basic("user:KEY")},
      {"curl -n https://api.heroku.com/account -H \"Accept: application/vnd.heroku+json; "
       "version=3\"",
       "GET https://api.heroku.com/account | Accept: application/vnd.heroku+json; version=3"},
      {"curl https://api.example.com/v1 -H \"Authorization: Bearer KEY\" -d @- <<'EOF'\n{\n  "
       "\"a\": 1\n}\nEOF",
       "POST https://api.example.com/v1 | Authorization: Bearer KEY" + form + " | {  \"a\": 1}"},
  };
  check(cases);
}

TEST(Pasted, WithPeoplesMistakes) {
  const Pasted cases[] = {
      {"$ curl https://api.weather.example/data?q=London&appid=KEY",
       "GET https://api.weather.example/data?q=London",
       {Kind::cut_at_ampersand}},
      {"curl -H “Authorization: Bearer KEY” https://api.openai.com/v1/models",
       "GET https://api.openai.com/v1/models | Authorization: Bearer KEY",
       {Kind::smart_quote}},
      {"curl –H 'Authorization: Bearer KEY' https://x/",
       "GET https://x/ | Authorization: Bearer KEY",
       {Kind::dash}},
      {"curl —-header 'A: KEY' https://x/", "GET https://x/ | A: KEY", {Kind::dash}},
      {"curl https://x/ -H 'Authorization: “KEY”'", "GET https://x/ | Authorization: “KEY”"},
      {"curl https://x/ -H \"Authorization: Basic $2y$10$abc\"",
       "GET https://x/ | Authorization: Basic $2y$10$abc",
       {Kind::shell_expansion, Kind::shell_expansion, Kind::shell_expansion}},
      {"curl -u \"admin:pa$$w0rd!x\" https://x/",
       "GET https://x/" + basic("admin:pa$$w0rd!x"),
       {Kind::shell_expansion, Kind::history_expansion}},
      {"curl -u admin https://x/", "GET https://x/" + basic("admin:"), {Kind::missing_password}},
      {"curl https://x/ -H Authorization: Bearer KEY", "GET https://x/", {Kind::several_urls}},
      {"curl https://x/ -H 'Authorization Bearer KEY'", "GET https://x/", {Kind::no_colon}},
      {"curl https://x/ \\ \n  -H 'Authorization: Bearer KEY'",
       "GET https://x/",
       {Kind::cut_at_line_end}},
      {"curl https://x/\n  -H 'Authorization: Bearer KEY'",
       "GET https://x/",
       {Kind::cut_at_line_end}},
      {"curl -H 'Authorization: Bearer KEY\n' https://x/",
       "GET https://x/ | Authorization: Bearer KEY\n"},
      {"curl -H 'Authorization: Bearer  KEY ' https://x/",
       "GET https://x/ | Authorization: Bearer  KEY "},
      {"curl -H 'Authorization:Bearer KEY' https://x/",
       "GET https://x/ | Authorization: Bearer KEY"},
      {"curl -H 'Authorization: ' https://x/", "GET https://x/"},
      {"curl -H \"Authorization: Bearer \\\"KEY\\\"\" https://x/",
       "GET https://x/ | Authorization: Bearer \"KEY\""},
      {"curl -H \"Authorization: Bearer 'KEY'\" https://x/",
       "GET https://x/ | Authorization: Bearer 'KEY'"},
      {"curl -H 'Authorization: Bearer $KEY' https://x/",
       "GET https://x/ | Authorization: Bearer $KEY"},
      {"KEY=abc curl -H \"Authorization: Bearer $KEY\" https://x/",
       "GET https://x/ | Authorization: Bearer $KEY",
       {Kind::shell_expansion}},
      {"export KEY='abc'\ncurl -H \"Authorization: Bearer ${KEY}\" https://x/ # why?",
       "GET https://x/ | Authorization: Bearer ${KEY}",
       {Kind::shell_expansion}},
      {"curl -H \"Authorization: Bearer `cat key.txt`\" https://x/",
       "GET https://x/ | Authorization: Bearer `cat key.txt`",
       {Kind::shell_expansion}},
      {"curl 'https://x/a b' -H 'A: b'", "GET https://x/a b | A: b"},
      {"curl -X GET -d '{\"a\":1}' -H 'Content-Type: application/json' https://x/",
       "GET https://x/ | Content-Type: application/json | {\"a\":1}"},
      {"curl https://x/ -H 'Authorization: Bearer KEY",
       "GET https://x/ | Authorization: Bearer KEY",
       {Kind::unclosed_quote}},
      {"curl -b \"session\" https://x/", "GET https://x/", {Kind::cookie_file}},
      {"  \n\n  curl   -s    'https://x/'   \n", "GET https://x/"},
      {"time curl -s https://x/ -H 'A: b' 2>/dev/null | jq -r '.[] | .id' > out.json",
       "GET https://x/ | A: b"},
      {"", "error: the curl command names no URL"},
      {"hello, it does not work", "GET http://hello,", {Kind::several_urls}},
  };
  check(cases);
}

TEST(Pasted, FromBrowsers) {
  const Pasted cases[] = {
      {"curl 'https://app.example.com/api/me' \\\n  -H 'accept: */*' \\\n  -H 'cookie: sid=1; "
       "csrf=2' \\\n  -H "
       "'sec-ch-ua: \"Chromium\";v=\"124\"' \\\n  --compressed",
       "GET https://app.example.com/api/me | accept: */* | cookie: sid=1; csrf=2 | sec-ch-ua: "
       "\"Chromium\";v=\"124\""},
      {"curl 'https://app.example.com/api' -X 'POST' -b 'sid=1' --data-raw $'{\"a\":\"it\\'s "
       "\\u0021\\n\"}' --insecure",
       "POST https://app.example.com/api | Cookie: sid=1" + form + " | {\"a\":\"it's !\n\"}"},
      {"curl --location --globoff 'https://api.example.com/{{path}}' --header 'Authorization: "
       "Bearer {{token}}' --form "
       "'f=\"a\"'",
       "POST https://api.example.com/{{path}} | Authorization: Bearer {{token}} | Content-Type: "
       "multipart/form-data; "
       "boundary=------------------------locksmithformdata | "
       "--------------------------locksmithformdata\r\n"
       "Content-Disposition: form-data; "
       "name=\"f\"\r\n\r\na\r\n--------------------------locksmithformdata--\r\n"},
      {"curl ^\"https://app.example.com/api?a=1^&b=^%^20c^\" ^\r\n  -H ^\"accept: */*^\" ^\r\n  -H "
       "^\"sec-ch-ua: "
       "^\\^\"Chromium^\\^\";v=^\\^\"124^\\^\"^\" ^\r\n  --data-raw "
       "^\"^{^\\^\"a^\\^\":^\\^\"b^\\^\"^}^\"",
       "POST https://app.example.com/api?a=1&b=%20c | accept: */* | sec-ch-ua: "
       "\"Chromium\";v=\"124\"" +
           form + " | {\"a\":\"b\"}"},
      {"curl \"https://app.example.com/api?a=1&b=2\" ^\r\n  -H \"authorization: Bearer KEY\" ^\r\n "
       " --data-raw "
       "\"{\"\"a\"\":1}\" ^\r\n  --compressed",
       "POST https://app.example.com/api?a=1&b=2 | authorization: Bearer KEY" + form +
           " | {\"a\":1}"},
      {"curl ^\"https://x/^\" -H ^\"a: 50^% ^& ^^ ^!^\" --data-raw ^\"l1^\n\nl2^\"",
       "POST https://x/ | a: 50% & ^ !" + form + " | l1\nl2"},
      {"C:\\> curl.exe https://x/?a=1&key=KEY ^\n -H \"Authorization: Bearer %API_KEY%\"",
       "GET https://x/?a=1",
       {Kind::cut_at_ampersand}},
      {"curl https://x/ ^\n -H \"Authorization: Bearer %API_KEY%\"",
       "GET https://x/ | Authorization: Bearer %API_KEY%",
       {Kind::shell_expansion}},
  };
  check(cases);
}

}  // namespace
}  // namespace locksmith::http
