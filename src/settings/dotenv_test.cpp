// One table for all readers of .env files, because what matters is where they differ; each row was
// held against the real readers (dotenv 17 of Node, python-dotenv 1.2.2, bash) where they can run.
#include "settings/dotenv.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace locksmith::settings {
namespace {

const std::string mark = "\xef\xbb\xbf";

// "A=1 B=2", "?" behind a value that only running would tell; "refused" for the whole file.
std::string read(std::string_view text, Reader reader) {
  const auto settings = read_dotenv_settings(text, reader);
  if (!settings) return "refused";
  std::string out;
  for (const Setting& setting : *settings) {
    if (!out.empty()) out += " ";
    out += setting.name + "=" + setting.value.reveal() + (setting.known ? "" : "?");
  }
  return out;
}

struct Row {
  std::string text;
  std::string node, python, compose, docker, systemd, shell;
};

TEST(Dotenv, AsEachReaderReadsIt) {
  const std::vector<Row> rows{
      {"A=1\nB=two\n", "A=1 B=two", "A=1 B=two", "A=1 B=two", "A=1 B=two", "A=1 B=two",
       "A=1 B=two"},
      {"", "", "", "", "", "", ""},
      {"# A=1\n\n  #B=2\n", "", "", "", "", "", ""},
      {"A=b=c==", "A=b=c==", "A=b=c==", "A=b=c==", "A=b=c==", "A=b=c==", "A=b=c=="},
      {"A=\nB=1", "A= B=1", "A= B=1", "A= B=1", "A= B=1", "A= B=1", "A= B=1"},
      // Quotes.
      {"A=\"x\"", "A=x", "A=x", "A=x", "A=\"x\"", "A=x", "A=x"},
      {"A='x'", "A=x", "A=x", "A=x", "A='x'", "A=x", "A=x"},
      {"A=`x`", "A=x", "A=`x`", "A=`x`", "A=`x`", "A=`x`", "A=?"},
      {"A=x\"y\"z", "A=x\"y\"z", "A=x\"y\"z", "A=x\"y\"z", "A=x\"y\"z", "A=x\"y\"z", "A=xyz"},
      {"A=\"x\nB=1", "A=\"x B=1", "B=1", "refused", "A=\"x B=1", "A=x\nB=1", ""},
      {"A=\"x\ny\"", "A=x\ny", "A=x\ny", "A=x\ny", "A=\"x", "A=x\ny", "A=x\ny"},
      // Line ends, and the mark that Windows' editors write.
      {"A=x\r\n", "A=x", "A=x", "A=x", "A=x", "A=x", "A=x\r"},
      {"A=\"x\"\r\n", "A=x", "A=x", "A=x", "A=\"x\"", "A=x", "A=x\r"},
      {mark + "A=x\nB=y", "A=x B=y", mark + "A=x B=y", "A=x B=y", "A=x B=y", "B=y", "B=y"},
      // Comments.
      {"A=x # y", "A=x", "A=x", "A=x", "A=x # y", "A=x # y", "A=x"},
      {"A=x#y", "A=x", "A=x#y", "A=x#y", "A=x#y", "A=x#y", "A=x#y"},
      {"A=\"x\" # y", "A=x", "A=x", "A=x", "A=\"x\" # y", "A=x# y", "A=x"},
      {"A=\"x#y\"", "A=x#y", "A=x#y", "A=x#y", "A=\"x#y\"", "A=x#y", "A=x#y"},
      {"; A=1", "", "", "refused", "refused", "", "A=1"},
      // White space.
      {"A = x", "A=x", "A=x", "A=x", "refused", "A=x", ""},
      {"A= x", "A=x", "A=x", "A=x", "A= x", "A=x", ""},
      {"A=x ", "A=x", "A=x", "A=x", "A=x ", "A=x", "A=x"},
      {"A=x y", "A=x y", "A=x y", "A=x y", "A=x y", "A=x y", ""},
      // Words that are no assignment.
      {"export A=x", "A=x", "A=x", "A=x", "refused", "", "A=x"},
      {"A: x", "A=x", "", "A=x", "refused", "", ""},
      {"A\nB=1", "B=1", "B=1", "B=1", "B=1", "B=1", "B=1"},
      {"=x", "", "", "=x", "refused", "", ""},
      // Escapes and references.
      {"A=\"x\\ny\"", "A=x\ny", "A=x\ny", "A=x\ny", "A=\"x\\ny\"", "A=x\\ny", "A=x\\ny"},
      {"A='x\\ny'", "A=x\\ny", "A=x\\ny", "A=x\\ny", "A='x\\ny'", "A=x\\ny", "A=x\\ny"},
      {"A=x\\y", "A=x\\y", "A=x\\y", "A=x\\y", "A=x\\y", "A=xy", "A=xy"},
      {"A=x$y", "A=x$y", "A=x$y", "A=x?", "A=x$y", "A=x$y", "A=x?"},
      {"A='x$y'", "A=x$y", "A=x$y", "A=x$y", "A='x$y'", "A=x$y", "A=x$y"},
      {"A=x$$y", "A=x$$y", "A=x$$y", "A=x$y", "A=x$$y", "A=x$$y", "A=xy?"},
      {"A=1\nB=${A}2", "A=1 B=${A}2", "A=1 B=12", "A=1 B=12", "A=1 B=${A}2", "A=1 B=${A}2",
       "A=1 B=12"},
      {"A=${B:-c}", "A=${B:-c}", "A=c", "A=c", "A=${B:-c}", "A=${B:-c}", "A=c"},
      {"A=${B-${C:-d}}", "A=${B-${C:-d}}", "A=d}", "A=d", "A=${B-${C:-d}}", "A=${B-${C:-d}}",
       "A=d"},
      {"A=1\nA=2", "A=1 A=2", "A=1 A=2", "A=1 A=2", "A=1 A=2", "A=1 A=2", "A=1 A=2"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(read(row.text, Reader::dotenv), row.node);
    EXPECT_EQ(read(row.text, Reader::python_dotenv), row.python);
    EXPECT_EQ(read(row.text, Reader::compose), row.compose);
    EXPECT_EQ(read(row.text, Reader::docker_env_file), row.docker);
    EXPECT_EQ(read(row.text, Reader::systemd), row.systemd);
    EXPECT_EQ(read(row.text, Reader::shell), row.shell);
  }
}

std::string in_shell(std::string_view text) { return read(text, Reader::shell); }

TEST(Dotenv, AShellCarriesOutOnlyWhatIsSure) {
  EXPECT_EQ(in_shell("A=x command\nB=1"), "B=1");  // for that command alone
  EXPECT_EQ(in_shell("A=1; B=2 C=3"), "A=1 B=2 C=3");
  EXPECT_EQ(in_shell("A=1 &\nB=2"), "B=2");  // set in a subshell
  EXPECT_EQ(in_shell("(A=1)\nB=2"), "B=2");
  EXPECT_EQ(in_shell("A=$(pass show x)\nB=`pass x`"), "A=? B=?");
  EXPECT_EQ(in_shell("A=${B%x}\nC=$1"), "A=? C=?");
  EXPECT_EQ(in_shell("cat <<EOF\nA=1\nEOF\nB=2"), "B=2");
  EXPECT_EQ(in_shell("A=1\nunset A\nB=2"), "B=2");
  EXPECT_EQ(in_shell("declare -x A=1\nreadonly B=2"), "A=1 B=2");
  EXPECT_EQ(in_shell("A=1 > log\n"), "A=1");
  EXPECT_EQ(in_shell("A=$(unclosed\nB=2"), "");
}

bool has(const Setting& setting, std::string_view oddity) {
  return std::ranges::any_of(setting.oddities,
                             [&](const std::string& o) { return o.starts_with(oddity); });
}

TEST(Dotenv, AShellTellsWhatIsNotForAll) {
  const auto settings = *read_dotenv_settings(
      "A=1\nexport B=2\nC=3; export C\nif test x; then export D=4; fi\nf() {\nexport E=5\n}\n",
      Reader::shell);
  ASSERT_EQ(settings.size(), 5u);
  EXPECT_TRUE(has(settings[0], "not exported"));
  EXPECT_TRUE(settings[1].oddities.empty() && settings[2].oddities.empty());
  EXPECT_TRUE(has(settings[3], "only under a condition"));
  EXPECT_TRUE(has(settings[4], "only under a condition"));
  EXPECT_FALSE(has(read_dotenv_settings("set -a\nA=1", Reader::shell)->at(0), "not exported"));
}

TEST(Dotenv, LinesAreCounted) {
  for (const Reader reader : dotenv_readers) {
    const auto settings = *read_dotenv_settings("# c\nA=1\n\nB=\"x\ny\"\nC=3\n", reader);
    EXPECT_EQ(settings.front().line, 2) << name_of(reader);
    EXPECT_EQ(settings.back().line, 6) << name_of(reader);
  }
}

TEST(Dotenv, WhatIsOddIsSaid) {
  const auto first = [](std::string_view text, Reader reader) {
    return read_dotenv_settings(text, reader)->at(0);
  };
  EXPECT_TRUE(has(first("A=\"x\"", Reader::docker_env_file), "quotes are kept"));
  EXPECT_TRUE(has(first("A=x # y", Reader::systemd), "a comment became part of the value"));
  EXPECT_TRUE(has(first("A=x ", Reader::docker_env_file), "white space at the end"));
  EXPECT_TRUE(has(first("A=x\r\n", Reader::shell), "a carriage return at the end"));
  EXPECT_TRUE(has(first(mark + "A=x", Reader::python_dotenv), "a byte order mark"));
  EXPECT_TRUE(has(first("A=x#y", Reader::dotenv), "cut off at a #"));
  EXPECT_TRUE(has(first("A=x$y", Reader::compose), "takes $y from elsewhere"));
  EXPECT_TRUE(first("A='x'", Reader::dotenv).oddities.empty());
}

std::vector<std::string> compared(std::string_view text) {
  return disagreements(read_as_all(text), "A");
}
using Sentences = std::vector<std::string>;

TEST(Dotenv, WhereReadersDisagree) {
  EXPECT_EQ(compared("A=x\n"), Sentences{});
  EXPECT_EQ(compared("B=x\n"), Sentences{});
  EXPECT_EQ(compared("A='x'"), Sentences{"docker --env-file: quotes are kept"});
  EXPECT_EQ(compared("A=x\r\n"), Sentences{"a shell: a carriage return at the end"});
  EXPECT_EQ(compared("export A=x"),
            (Sentences{"docker --env-file: refuses the file: line 1: it does not know export",
                       "systemd: does not set it"}));
  EXPECT_EQ(compared(mark + "A=x"), (Sentences{"python-dotenv: a byte order mark before the name",
                                               "systemd, a shell: does not set it"}));
  EXPECT_EQ(compared("A=x # y"),
            Sentences{"docker --env-file, systemd: a comment became part of the value"});
}

// Its base64 must not be read as assignments.
TEST(Dotenv, APemBlockIsOneValue) {
  const std::string block =
      std::string("-----BEGIN ") + "KEY-----\nMIIB+abc\nMIIC=\n-----END KEY-----";
  EXPECT_EQ(read("A=1\nK=\"" + block + "\"\nB=2", Reader::dotenv), "A=1 K=" + block + " B=2");
}

}  // namespace
}  // namespace locksmith::settings
