// Quoting as shells do it: the difference between what was typed and what was sent begins here.
#include "http/shell_words.hpp"

#include <gtest/gtest.h>

#include "http/curl_command.hpp"

namespace locksmith::http {
namespace {

using Words = std::vector<std::string>;
using Kind = Note::Kind;

Words posix(std::string_view text) {
  const auto commands = split_posix(text);
  return commands.empty() ? Words() : commands.front().words;
}

Words cmd(std::string_view text) {
  const auto commands = split_cmd(text);
  return commands.empty() ? Words() : commands.front().words;
}

std::vector<Kind> noted(const std::vector<ShellCommand>& commands) {
  std::vector<Kind> kinds;
  for (const ShellCommand& command : commands) {
    for (const Note& note : command.notes) kinds.push_back(note.kind);
  }
  return kinds;
}

struct Case {
  std::string_view text;
  Words words;
};

TEST(PosixWords, Quoting) {
  const Case cases[] = {
      {"", {}},
      {"  a   b\t c ", {"a", "b", "c"}},
      {"'' \"\"", {"", ""}},
      {"'a b'\"c d\"e\\ f", {"a bc de f"}},
      {R"('it'\''s')", {"it's"}},
      {R"("a\"b\\c\$d\`e\n")", {"a\"b\\c$d`e\\n"}},
      {R"('a\nb')", {"a\\nb"}},
      {"'a\nb'", {"a\nb"}},
      {R"($'a\tb\'c\\\x41\101\u00e9\U0001F511\e\cA\q')", {"a\tb'c\\AA\u00e9\U0001F511\x1b\x01\\q"}},
      {R"($"x")", {"x"}},
      {R"(a$'\n'b)", {"a\nb"}},
      {"a # rest", {"a"}},
      {"a#b '#c'", {"a#b", "#c"}},
      {"# only a comment", {}},
  };
  for (const Case& c : cases) EXPECT_EQ(posix(c.text), c.words) << c.text;
}

TEST(PosixWords, LinesGoOnBehindABackslash) {
  EXPECT_EQ(posix("a \\\n  b"), (Words{"a", "b"}));
  EXPECT_EQ(posix("a \\\r\n  b"), (Words{"a", "b"}));
  EXPECT_EQ(posix("a\\\nb"), (Words{"ab"}));
  EXPECT_EQ(posix("\"a\\\nb\""), (Words{"ab"}));
  EXPECT_EQ(posix("a \\\n> -b"), (Words{"a", "-b"}));
  EXPECT_EQ(posix("a \\"), (Words{"a"}));
}

TEST(PosixWords, ALineThatEndsTooEarlyIsNoted) {
  for (const std::string_view text : {"a b\n -c", "a b \\ \n -c", "a b \\\t\r\n'c'"}) {
    EXPECT_EQ(posix(text), (Words{"a", "b"})) << text;
    EXPECT_EQ(noted(split_posix(text)), (std::vector{Kind::cut_at_line_end})) << text;
  }
  EXPECT_TRUE(noted(split_posix("a b\nc d")).empty());
}

TEST(PosixWords, SeparatorsEndACommand) {
  const auto commands = split_posix("a 1; b 2 | c && d || e &\nf");
  ASSERT_EQ(commands.size(), 6u);
  EXPECT_EQ(commands[5].words, (Words{"f"}));
  EXPECT_TRUE(noted(commands).empty());
}

TEST(PosixWords, AnAmpersandInsideAWordIsNoted) {
  EXPECT_EQ(posix("curl http://x?a=1&b=2"), (Words{"curl", "http://x?a=1"}));
  EXPECT_EQ(noted(split_posix("curl http://x?a=1&b=2")), (std::vector{Kind::cut_at_ampersand}));
  for (const std::string_view harmless :
       {"a &", "a & b", "a && b", "a&&b", "a 'x&y'", "a x\\&y", "a &> f", "a 2>&1"}) {
    EXPECT_TRUE(noted(split_posix(harmless)).empty()) << harmless;
  }
}

TEST(PosixWords, RedirectionsAreNoWords) {
  EXPECT_EQ(posix("a 2>&1 >/dev/null b >> c 2> d"), (Words{"a", "b"}));
  EXPECT_EQ(posix("a &> f b"), (Words{"a", "b"}));
  const auto commands = split_posix("a < in.json");
  EXPECT_EQ(commands.at(0).input_file, "in.json");
  EXPECT_EQ(split_posix("a <<< 'x y'").at(0).standard_input, "x y\n");
}

TEST(PosixWords, HereDocuments) {
  const auto commands = split_posix("a -d @- <<'EOF' b\n{\"x\": 1}\nEOF\nc");
  ASSERT_EQ(commands.size(), 2u);
  EXPECT_EQ(commands[0].words, (Words{"a", "-d", "@-", "b"}));
  EXPECT_EQ(commands[0].standard_input, "{\"x\": 1}\n");
  EXPECT_EQ(commands[1].words, (Words{"c"}));
  EXPECT_EQ(split_posix("a <<-E\n\tx\n\tE\n").at(0).standard_input, "x\n");
}

TEST(PosixWords, ExpansionsStayAndAreNoted) {
  const Case cases[] = {
      {"\"Bearer $API_KEY\"", {"Bearer $API_KEY"}}, {"$KEY", {"$KEY"}},
      {"\"${KEY:-x y}\"", {"${KEY:-x y}"}},         {"\"$2y$10\"", {"$2y$10"}},
      {"a$(cat 'k y')b", {"a$(cat 'k y')b"}},       {"\"`cat k`\"", {"`cat k`"}},
      {"-H @<(echo x)", {"-H", "@<(echo x)"}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(posix(c.text), c.words) << c.text;
    const auto kinds = noted(split_posix(c.text));
    EXPECT_FALSE(kinds.empty()) << c.text;
    for (const Kind kind : kinds) EXPECT_EQ(kind, Kind::shell_expansion) << c.text;
  }
  for (const std::string_view literal :
       {"'$KEY'", "\\$KEY", "\"\\$KEY\"", "a$", "\"5 $ \"", "$'$KEY'"}) {
    EXPECT_TRUE(noted(split_posix(literal)).empty()) << literal;
  }
}

TEST(PosixWords, HistoryExpansionIsNoted) {
  EXPECT_EQ(noted(split_posix("\"pa!ss\"")), (std::vector{Kind::history_expansion}));
  EXPECT_EQ(noted(split_posix("pa!ss")), (std::vector{Kind::history_expansion}));
  for (const std::string_view literal : {"'pa!ss'", "\"Hello!\"", "\"a! b\"", "a!=b", "\"\\!x\""}) {
    EXPECT_TRUE(noted(split_posix(literal)).empty()) << literal;
  }
}

TEST(PosixWords, SmartQuotesAreReadAsQuotesAndNoted) {
  EXPECT_EQ(posix("a “b c” ‘d e’"), (Words{"a", "b c", "d e"}));
  EXPECT_EQ(noted(split_posix("a “b c”")), (std::vector{Kind::smart_quote}));
  EXPECT_EQ(posix("'“x”' it’s “open"), (Words{"“x”", "it’s", "“open"}));
  EXPECT_TRUE(noted(split_posix("'“x”' it’s “open")).empty());
}

TEST(PosixWords, UnclosedQuotesRunToTheEnd) {
  for (const std::string_view text : {"a 'b c", "a \"b c", "a $'b c"}) {
    EXPECT_EQ(posix(text), (Words{"a", "b c"})) << text;
    EXPECT_EQ(noted(split_posix(text)), (std::vector{Kind::unclosed_quote})) << text;
  }
}

TEST(CmdWords, CaretsAndTheRuntimesQuotes) {
  const Case cases[] = {
      {R"(a ^"b c^")", {"a", "b c"}},
      {R"(a "b \"c\" d")", {"a", "b \"c\" d"}},
      {R"(a "b ""c"" d")", {"a", "b \"c\" d"}},
      {R"(a "C:\dir\\" b\c)", {"a", "C:\\dir\\", "b\\c"}},
      {R"(a \\\"x)", {"a", "\\\"x"}},
      {"a ^\r\n  b", {"a", "b"}},
      {"a ^\n  b", {"a", "b"}},
      {"a ^\"x^\n\ny^\"", {"a", "x\ny"}},
      {"a \"x^&y&z\"", {"a", "x^&y&z"}},
      {"a ^\"x^&y^%^20z^\"", {"a", "x&y%20z"}},
      {"a 'b c'", {"a", "'b", "c'"}},
      {"a \"\" b", {"a", "", "b"}},
      {"a ^", {"a"}},
  };
  for (const Case& c : cases) EXPECT_EQ(cmd(c.text), c.words) << c.text;
}

TEST(CmdWords, Notes) {
  EXPECT_EQ(noted(split_cmd("a x=1&y=2")), (std::vector{Kind::cut_at_ampersand}));
  EXPECT_EQ(noted(split_cmd("a \"Bearer %API_KEY%\"")), (std::vector{Kind::shell_expansion}));
  EXPECT_EQ(noted(split_cmd("a \"b")), (std::vector{Kind::unclosed_quote}));
  EXPECT_EQ(noted(split_cmd("a b\r\n -c d")), (std::vector{Kind::cut_at_line_end}));
  for (const std::string_view harmless :
       {"a & b", "a && b", "a \"x&y\"", "a b%2Fc%2Fd", "a 50%", "a ^%^API_KEY^%"}) {
    EXPECT_TRUE(noted(split_cmd(harmless)).empty()) << harmless;
  }
}

TEST(FindCurl, WhereverItStands) {
  const std::string_view texts[] = {
      "curl -s x",
      "$ curl -s x",
      "% curl -s x",
      "# curl -s x",
      "me@host:~/dir$ curl -s x",
      "root@host:/# curl -s x",
      "❯ curl -s x",
      "C:\\Users\\me> curl -s x",
      "PS C:\\> curl.exe -s x",
      "/usr/bin/curl -s x",
      "KEY=1 curl -s x",
      "sudo -E curl -s x",
      "time curl -s x | jq .",
      "export KEY=1\ncurl -s x",
      "cd /tmp && curl -s x > out",
      "# list with curl first\ncurl -s x",
      "docker run --rm curlimages/curl -s x",
      "brew install curl; curl -s x",
      "-s x",
  };
  for (const std::string_view text : texts) {
    Words words = find_curl_command(text, Shell::detect).words;
    if (!words.empty() && is_curl_program(words.front())) words.erase(words.begin());
    EXPECT_EQ(words, (Words{"-s", "x"})) << text;
  }
  EXPECT_FALSE(is_curl_program("https://example.com/curl"));
  EXPECT_TRUE(find_curl_command("", Shell::detect).words.empty());
}

TEST(ShellQuote, IsUndoneByTheShell) {
  EXPECT_EQ(shell_quote("plain-1.0/x:y=z,@%+"), "plain-1.0/x:y=z,@%+");
  EXPECT_EQ(shell_quote(""), "''");
  EXPECT_EQ(shell_quote("it's $5"), R"('it'\''s $5')");
  EXPECT_EQ(shell_quote("a\n1"), R"($'a\n1')");
  EXPECT_EQ(shell_quote("\xff"), R"($'\377')");
  std::string all;
  for (int c = 1; c < 256; ++c) all += static_cast<char>(c);
  const std::string words[] = {"",
                               " ",
                               "it's",
                               "$HOME `x` !y",
                               "a&b;c|d",
                               "\\",
                               "\\n",
                               "-x",
                               "#",
                               "“",
                               "\x01"
                               "1",
                               "é",
                               all};
  for (const std::string& word : words) EXPECT_EQ(posix(shell_quote(word)), (Words{word}));
}

}  // namespace
}  // namespace locksmith::http
