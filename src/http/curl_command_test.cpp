// curl's rules for turning options into a request. What curl sends was checked against curl 7.88.1.
#include "http/curl_command.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "http/curl_test_support.hpp"

namespace locksmith::http {
namespace {

using Kind = Note::Kind;
constexpr std::string_view form = "Content-Type: application/x-www-form-urlencoded";

CurlCommand parsed(std::string_view text, Files files = {}) {
  return parse_curl_text(text, reading_from(std::move(files))).value();
}

std::string with_form(std::string_view method_and_url, std::string_view body) {
  return std::string(method_and_url) + " | " + std::string(form) + " | " + std::string(body);
}

TEST(CurlMethod, FollowsFromTheData) {
  EXPECT_EQ(shown("curl http://x/"), "GET http://x/");
  EXPECT_EQ(shown("curl http://x/ -d a"), with_form("POST http://x/", "a"));
  EXPECT_EQ(shown("curl http://x/ -X PUT -d a"), with_form("PUT http://x/", "a"));
  EXPECT_EQ(shown("curl http://x/ -X get"), "get http://x/");
  EXPECT_EQ(shown("curl -I http://x/"), "HEAD http://x/");
  EXPECT_EQ(shown("curl -XPOST http://x/"), "POST http://x/");
  EXPECT_EQ(shown("curl -I -X GET http://x/"), "GET http://x/");
  EXPECT_EQ(shown("curl -d '' http://x/"), "POST http://x/ | " + std::string(form));
}

TEST(CurlMethod, WhatCurlRefusesIsNoted) {
  EXPECT_EQ(kinds("curl -I -d a http://x/"), (std::vector{Kind::refused_by_curl}));
  EXPECT_EQ(kinds("curl -F a=b -d a http://x/"), (std::vector{Kind::refused_by_curl}));
  EXPECT_EQ(kinds("curl http://x/ -H"), (std::vector{Kind::refused_by_curl}));
  EXPECT_TRUE(kinds("curl -I -G -d a http://x/").empty());
}

TEST(CurlData, PiecesAreJoined) {
  EXPECT_EQ(shown("curl http://x/ -d a=1 -d b=2 --data-raw @c"),
            with_form("POST http://x/", "a=1&b=2&@c"));
  EXPECT_EQ(
      shown(
          "curl http://x/ --data-urlencode 'q=a b&c' --data-urlencode =x=y --data-urlencode 'p/q'"),
      with_form("POST http://x/", "q=a+b%26c&x%3Dy&p%2Fq"));
  EXPECT_EQ(shown("curl http://x/ --data-urlencode n@f", {{"f", "a b\n"}}),
            with_form("POST http://x/", "n=a+b%0A"));
}

TEST(CurlData, FilesLoseLineEndsUnlessBinary) {
  const Files files{{"f", "a\r\nb\n"}};
  EXPECT_EQ(shown("curl http://x/ -d @f", files), with_form("POST http://x/", "ab"));
  EXPECT_EQ(shown("curl http://x/ --data-binary @f", files),
            with_form("POST http://x/", "a\r\nb\n"));
  EXPECT_EQ(shown("curl http://x/ -d @- <<E\na\nb\nE"), with_form("POST http://x/", "ab"));
  EXPECT_EQ(shown("curl http://x/ --data-binary @- < f", files),
            with_form("POST http://x/", "a\r\nb\n"));
}

TEST(CurlData, GoesToTheQueryWithG) {
  EXPECT_EQ(shown("curl -G http://x/p -d a=1 -d b=2"), "GET http://x/p?a=1&b=2");
  EXPECT_EQ(shown("curl -G 'http://x/p?k=v#f' -d a=1"), "GET http://x/p?k=v&a=1#f");
  EXPECT_EQ(shown("curl http://x/p --url-query 'a=b c' --url-query +raw%20"),
            "GET http://x/p?a=b+c&raw%20");
}

TEST(CurlData, JsonSetsItsHeadersUnlessGiven) {
  EXPECT_EQ(shown("curl http://x/ --json '{' --json '}'"),
            "POST http://x/ | Content-Type: application/json | Accept: application/json | {}");
  EXPECT_EQ(shown("curl http://x/ --json '{}' -H 'content-type: text/plain' -H 'Accept: a'"),
            "POST http://x/ | content-type: text/plain | Accept: a | {}");
}

TEST(CurlData, UploadsArePut) {
  EXPECT_EQ(shown("curl -T d/f.bin http://x/up/", {{"d/f.bin", "1\r\n"}}),
            "PUT http://x/up/f.bin | 1\r\n");
  EXPECT_EQ(shown("curl -T f http://x/up", {{"f", "1"}}), "PUT http://x/up | 1");
}

TEST(CurlForm, IsMultipart) {
  const CurlCommand command = parsed(
      "curl http://x/ -F token=t -F 'a=x;type=text/x' -F 'f=@d/n.txt' -F 't=<n' --form-string "
      "'s=@l;type=q'",
      {{"d/n.txt", "file"}, {"n", "text"}});
  const std::string boundary = "------------------------locksmithformdata";
  EXPECT_EQ(command.request.headers.get("Content-Type"),
            "multipart/form-data; boundary=" + boundary);
  const std::string head = "--" + boundary + "\r\nContent-Disposition: form-data; name=";
  EXPECT_EQ(
      command.request.body,
      head + "\"token\"\r\n\r\nt\r\n" + head + "\"a\"\r\nContent-Type: text/x\r\n\r\nx\r\n" + head +
          "\"f\"; filename=\"n.txt\"\r\nContent-Type: application/octet-stream\r\n\r\nfile\r\n" +
          head + "\"t\"\r\n\r\ntext\r\n" + head + "\"s\"\r\n\r\n@l;type=q\r\n--" + boundary +
          "--\r\n");
  EXPECT_EQ(parsed("curl x -F a=b -H 'Content-Type: application/json'")
                .request.headers.get("Content-Type"),
            "application/json; boundary=" + boundary);
}

TEST(CurlHeader, ValuesStayByteForByte) {
  EXPECT_EQ(shown("curl http://x/ -H 'A:b' -H 'B:  c ' -H $'C: d\\n' -H 'D : e' -HE:f"),
            "GET http://x/ | A: b | B:  c  | C: d\n | D : e | E: f");
}

TEST(CurlHeader, RemovedEmptyAndMalformed) {
  const CurlCommand command =
      parsed("curl http://x/ -d a -H 'Accept:' -H 'Content-Type: ' -H 'X-Empty;' -H 'X Y' -A ''");
  EXPECT_EQ(shown(command), "POST http://x/ | X-Empty:  | a");
  EXPECT_EQ(command.options.removed_headers,
            (std::vector<std::string>{"Accept", "Content-Type", "User-Agent"}));
  EXPECT_EQ(kinds(command), (std::vector{Kind::no_colon}));
}

TEST(CurlHeader, FromAFile) {
  EXPECT_EQ(shown("curl http://x/ -H @h", {{"h", "A: 1\n# c\n\n  \nB: 2\r\nC: 3"}}),
            "GET http://x/ | A: 1 | B: 2\r | C: 3");
}

TEST(CurlHeader, OwnHeadersYieldToGivenOnes) {
  EXPECT_EQ(shown("curl http://x/ -A ua -e http://r -r 0-9 -b 'a=1; b=2' -b c=3"),
            "GET http://x/ | Range: bytes=0-9 | User-Agent: ua | Referer: http://r | Cookie: a=1; "
            "b=2;c=3");
  EXPECT_EQ(shown("curl http://x/ -A ua -e r -r 0-9 -b a=1 -H user-agent:1 -H referer:2 -H range:3 "
                  "-H cookie:4"),
            "GET http://x/ | user-agent: 1 | referer: 2 | range: 3 | cookie: 4");
  EXPECT_EQ(shown("curl http://x/ -e ';auto'"), "GET http://x/");
}

TEST(CurlUser, BecomesBasic) {
  const std::string basic = "Authorization: Basic " + base::base64_encode("u:p:q");
  EXPECT_EQ(shown("curl http://x/ -u u:p:q"), "GET http://x/ | " + basic);
  EXPECT_EQ(parsed("curl http://x/ -uu:p").options.user, "u:p");
  EXPECT_EQ(shown("curl http://x/ -u u:p -H 'Authorization: Bearer t'"),
            "GET http://x/ | Authorization: Bearer t");
  EXPECT_EQ(shown("curl http://x/ -u u:p -H Authorization:"), "GET http://x/");
  EXPECT_EQ(shown("curl http://x/ -u u:p --oauth2-bearer t"),
            "GET http://x/ | Authorization: Bearer t");
  EXPECT_EQ(shown("curl http://u:p@x/"), "GET http://u:p@x/");
}

TEST(CurlUser, WithoutColonIsNoted) {
  const CurlCommand command = parsed("curl http://x/ -u hidden");
  EXPECT_EQ(shown(command),
            "GET http://x/ | Authorization: Basic " + base::base64_encode("hidden:"));
  EXPECT_EQ(kinds(command), (std::vector{Kind::missing_password}));
  EXPECT_FALSE(command.notes.at(0).text.contains("hidden"));
}

TEST(CurlUser, OtherSchemesSendNothingYet) {
  EXPECT_EQ(parsed("curl http://x/ --digest -u u:p").options.authentication, "digest");
  for (const std::string_view how :
       {"--digest", "--ntlm", "--negotiate", "--anyauth", "--aws-sigv4 aws:amz"}) {
    EXPECT_EQ(shown("curl http://x/ -u u:p " + std::string(how)), "GET http://x/") << how;
  }
}

TEST(CurlOptionsRead, TheWayThere) {
  const ClientOptions o = parsed(
                              "curl x --location-trusted -kn --netrc-file N -x http://p:1 -U a:b "
                              "--noproxy h --http2 --cacert C "
                              "-E 'c\\:1:pw' --key K --unix-socket S --interface I --resolve r:1:2 "
                              "--resolve s:3:4 --connect-to c:t "
                              "--aws-sigv4 aws:amz:r:s -m 2.5 --connect-timeout 3 -4 --compressed")
                              .options;
  EXPECT_TRUE(o.follow_redirects && o.trust_location && o.insecure && o.use_netrc && o.compressed);
  const std::string texts = o.netrc_file + "|" + o.proxy + "|" + o.proxy_user + "|" + o.noproxy +
                            "|" + o.http_version + "|" + o.cacert + "|" + o.client_cert + "|" +
                            o.key_password + "|" + o.client_key + "|" + o.unix_socket + "|" +
                            o.interface + "|" + o.aws_sigv4;
  EXPECT_EQ(texts, "N|http://p:1|a:b|h|2|C|c:1|pw|K|S|I|aws:amz:r:s");
  EXPECT_EQ(o.resolve, (std::vector<std::string>{"r:1:2", "s:3:4"}));
  EXPECT_EQ(o.connect_to, (std::vector<std::string>{"c:t"}));
  EXPECT_EQ(o.max_time_s, 2.5);
  EXPECT_EQ(o.connect_timeout_s, 3);
  EXPECT_EQ(o.ip_version, 4);
  EXPECT_EQ(parsed("curl x --socks5-hostname h:1").options.proxy, "socks5h://h:1");
  EXPECT_FALSE(parsed("curl x -L --no-location").options.follow_redirects);
  EXPECT_EQ(parsed("curl x -0").options.http_version, "1.0");
}

TEST(CurlOptionsRead, NoArgumentIsTakenForAUrl) {
  EXPECT_EQ(shown("curl -sSfLo out -w '%{http_code}' -D - -c jar --retry 3 -m5 --limit-rate 1k -C "
                  "- -z now http://x/"),
            "GET http://x/");
  EXPECT_EQ(shown("curl -sSLH 'X: y' -- http://x/"), "GET http://x/ | X: y");
  EXPECT_EQ(shown("curl --header='A: b' --user-ag ua http://x/"),
            "GET http://x/ | User-Agent: ua | A: b");
}

TEST(CurlOptionsRead, UnknownOnesAreSkippedWithoutTheirSecrets) {
  const CurlCommand command = parsed("curl --api-key=hidden http://x/ -s? - --nosuch");
  EXPECT_EQ(command.skipped, (std::vector<std::string>{"--api-key", "-?", "-", "--nosuch"}));
  EXPECT_EQ(command.request.url, "http://x/");
}

TEST(CurlOptionsRead, ConfigFiles) {
  const std::string config =
      "# c\nurl = \"http://x/\"\n  header=\"A: b\\t\\\"c\\\"\"\n-HC:d\nuser: u:p tail\n--data "
      "x\nsilent\n";
  const std::string expected = "POST http://x/ | Authorization: Basic " +
                               base::base64_encode("u:p") + " | A: b\t\"c\" | C: d | " +
                               std::string(form) + " | x";
  EXPECT_EQ(shown("curl -sK k", {{"k", config}}), expected);
  // A file that names itself ends at curl's depth, or at the limit of files.
  EXPECT_EQ(shown("curl -K k http://x", {{"k", "config k\nconfig=k\nconfig k\nconfig k\n"}}),
            "GET http://x");
}

TEST(CurlUrls, FirstOneCounts) {
  EXPECT_EQ(shown("curl x y"), "GET http://x");
  EXPECT_EQ(kinds("curl http://x http://y"), (std::vector{Kind::several_urls}));
  EXPECT_EQ(kinds("curl http://x --next http://y -H 'A: b'"), (std::vector{Kind::several_urls}));
  EXPECT_EQ(shown("curl --url http://x --next -d y z"), "GET http://x");
  EXPECT_EQ(shown("curl x --proto-default https"), "GET https://x");
  EXPECT_EQ(shown("curl http://x/a?b --request-target /c?d"), "GET http://x/c?d");
}

TEST(CurlUrls, NoneIsAnErrorWithAHint) {
  for (const std::string_view text :
       {"", "curl", "curl -H 'A: b'", "curl -s \\ \n http://x", "# nothing"}) {
    const auto command = parse_curl_text(text);
    ASSERT_FALSE(command) << text;
    EXPECT_EQ(command.error().code, ErrorCode::usage);
    EXPECT_FALSE(command.error().hint.empty());
  }
}

TEST(CurlNotes, AreStructuredAndHoldNoSecret) {
  const std::pair<std::string_view, Kind> cases[] = {
      {"curl 'http://x' –H 'A: hidden'", Kind::dash},
      {"curl 'http://x' —header 'A: hidden'", Kind::dash},
      {"curl http://x -H “A: hidden”", Kind::smart_quote},
      {"curl http://x -H \"A: $hidden\"", Kind::shell_expansion},
      {"curl http://x?k=hidden&l=hidden", Kind::cut_at_ampersand},
      {"curl http://x -u \"a:b!hidden\"", Kind::history_expansion},
      {"curl http://x -b hidden", Kind::cookie_file},
      {"curl http://x -d @hidden", Kind::unread_file},
      {"curl http://x -d @-", Kind::unread_file},
      {"curl http://x --expand-header 'A: {{hidden}}'", Kind::curl_variable},
      {"curl http://x -H 'hidden'", Kind::no_colon},
      {"curl http://x -H 'A: hidden", Kind::unclosed_quote},
      {"curl http://x \n-H 'A: hidden'", Kind::cut_at_line_end},
  };
  for (const auto& [text, kind] : cases) {
    const CurlCommand command = parsed(text);
    EXPECT_EQ(kinds(command), (std::vector{kind})) << text;
    for (const Note& note : command.notes) EXPECT_FALSE(note.text.contains("hidden")) << note.text;
  }
  EXPECT_EQ(parsed("curl http://x –H 'A: b' –data c").request.headers.get("A"), "b");
  EXPECT_EQ(parsed("curl http://x –data c").request.body, "c");
}

TEST(CurlWords, AsAShellHandedThem) {
  const std::vector<std::string> words{"curl", "http://x/?a=1&b=2", "-H", "A: $B “c”"};
  EXPECT_EQ(shown(parse_curl(words)), "GET http://x/?a=1&b=2 | A: $B “c”");
  EXPECT_EQ(shown(parse_curl(std::span(words).subspan(1))), shown(parse_curl(words)));
  EXPECT_TRUE(kinds(parse_curl(words)).empty());
}

TEST(ToCurl, IsReadBackAsTheSameRequest) {
  const Request requests[] = {
      {"GET", "https://x/?a=1&b[]=2", "", {}, ""},
      {"HEAD", "https://x/", "", {{"A", "b"}}, ""},
      {"POST",
       "https://x/",
       "",
       {{"Authorization", "Bearer it's $x\n"}, {"Content-Type", "text/plain"}},
       "@a 'b'\nc"},
      {"POST", "https://x/", "", {{"E", ""}}, "no type"},
      {"POST", "https://x/", "", {}, ""},
      {"GET", "https://x/", "", {}, "a body"},
      {"DELETE", "https://x/{id}", "", {{"A", " blank first"}, {"A", "twice"}}, ""},
  };
  for (const Request& request : requests) {
    EXPECT_EQ(shown(to_curl(request)), shown(CurlCommand{request, {}, {}, {}})) << to_curl(request);
  }
  EXPECT_EQ(to_curl({"GET", "https://x/", "", {{"A", "b c"}}, ""}), "curl https://x/ -H 'A: b c'");
}

}  // namespace
}  // namespace locksmith::http
