// Every format gives the same: names with dots, values, lines, and what is odd.
#include <gtest/gtest.h>

#include <string>

#include "settings/setting.hpp"

namespace locksmith::settings {
namespace {

// "line:name=value|oddity, …" for each setting, one a line; or the error.
std::string read(std::string_view text, Format format) {
  const auto settings = read_settings(text, format);
  if (!settings) return "error: " + settings.error().message;
  std::string out;
  for (const Setting& setting : *settings) {
    out += std::to_string(setting.line) + ":" + setting.name + "=" + setting.value.reveal();
    for (const std::string& oddity : setting.oddities) out += "|" + oddity;
    out += "\n";
  }
  return out;
}

TEST(Json, NamesArePathsAndNumbersAreLeftOut) {
  EXPECT_EQ(read("{\"a\": \"1\",\n \"port\": 80, \"on\": true, \"no\": null,\n"
                 " \"b\": {\"c\":\n \"2\"}, \"d\": [0, \"x\", {\"e\": \"y\"}], \"f\": \"z\"}\n",
                 Format::json),
            "1:a=1\n3:b.c=2\n4:d.1=x\n4:d.2.e=y\n4:f=z\n");
}

TEST(Json, ReadsEscapesCommentsAndTrailingCommas) {
  EXPECT_EQ(read("// settings\n{\"k\\u0065y\": \"a\\n\", /* b */\n \"q\": \"'b'\",}", Format::json),
            "2:key=a\n|a line feed at the end\n3:q='b'|quotes are kept\n");
}

TEST(Json, ATextAloneHasNoName) { EXPECT_EQ(read("\"abc\"", Format::json), "1:=abc\n"); }

TEST(Json, SaysWhereItBreaks) {
  EXPECT_EQ(read("{\n\"a\": \"1\",\n\"b\": 'x'\n}", Format::json), "error: line 3 is not JSON");
  EXPECT_EQ(read("{\"a\": \"1\"\n", Format::json), "error: line 1 is not JSON");
  EXPECT_EQ(read("{}\n{}", Format::json), "error: line 2 is not JSON");
  EXPECT_EQ(read("", Format::json), "error: line 1 is not JSON");
  EXPECT_EQ(read(std::string(1000, '['), Format::json), "error: line 1 is not JSON");
}

TEST(Json, ALongNameBeforeManyValuesIsRefused) {
  std::string text = "{\"" + std::string(1 << 20, 'a') + "\":[\"\"";
  for (int i = 0; i < 100; ++i) text += ",\"\"";
  EXPECT_EQ(read(text + "]}", Format::json), "error: stands for too much JSON");
}

TEST(Toml, IsInTheOrderOfTheFile) {
  EXPECT_EQ(read("z = \"1\"\na = '2 '\nn = 3\n[database]\npassword = \"\"\"\nx\"\"\"\n"
                 "list = [\"p\", 1]\n[[t]]\nk = \"v\"\n\"a.b\" = \"c\"\n",
                 Format::toml),
            "1:z=1\n2:a=2 |white space around it\n5:database.password=x\n7:database.list.0=p\n"
            "9:t.0.k=v\n10:t.0.a.b=c\n");
}

TEST(Toml, SaysWhereItBreaks) {
  EXPECT_EQ(read("a = 1\nb = secret\n", Format::toml), "error: line 2 is not TOML");
}

// yaml-cpp would take all memory.
TEST(Yaml, AStrayCommaIsAnError) {
  EXPECT_EQ(read(",\n", Format::yaml), "error: line 1 is not YAML");
  EXPECT_EQ(read("a: b\n---\n# c\n, d\n", Format::yaml), "error: line 4 is not YAML");
  EXPECT_EQ(read(" &a,\n  b: a: &a,\n  b: *a\n", Format::yaml), "error: line 1 is not YAML");
  // A directive ends a document, too.
  EXPECT_EQ(read("a: b\n%X\n,\n", Format::yaml), "error: line 3 is not YAML");
  EXPECT_EQ(read("a: !!str\n%YAML 1.2\n  ,\n", Format::yaml), "error: line 3 is not YAML");
  EXPECT_EQ(read("- a\n, b\n", Format::yaml), "error: line 2 is not YAML");
  EXPECT_EQ(read("  a: b\n, c\n", Format::yaml), "error: line 2 is not YAML");
  EXPECT_EQ(read("a: b\n, c\n", Format::yaml), "error: line 2 is not YAML");
  EXPECT_EQ(read("- : a\n, b\n", Format::yaml), "error: line 2 is not YAML");
  EXPECT_EQ(read("[a], b: c\n", Format::yaml), "error: line 1 is not YAML");
  EXPECT_EQ(read("{a: b}\n---\n[c]\n", Format::yaml), "1:a=b\n3:0=c\n");
  EXPECT_EQ(read("%YAML 1.2\n---\na: b, c\n...\n", Format::yaml), "3:a=b, c\n");
}

TEST(Yaml, ReadsMapsListsAndDocuments) {
  EXPECT_EQ(read("services:\n  web:\n    environment:\n      - KEY=abc\n      - B=c d\n"
                 "---\nkind: Secret\ndata:\n  token: \"YWJj\"\n  port: 80\n  on: yes\n  none:\n",
                 Format::yaml),
            "4:services.web.environment.0=KEY=abc\n5:services.web.environment.1=B=c d\n"
            "7:kind=Secret\n9:data.token=YWJj\n");
}

TEST(Yaml, QuotedNumbersAreTextAndLongOnesAreSuspect) {
  EXPECT_EQ(read("a: \"123\"\nb: 1234567890123e45\nc: 12\nd: 1.2.3\ne: !!str 5\nf: 1e\ng: .\n"
                 "h: 1-2\ni: -5\n",
                 Format::yaml),
            "1:a=123\n2:b=1234567890123e45|YAML reads it as a number: it needs quotes\n"
            "4:d=1.2.3\n5:e=5\n6:f=1e\n7:g=.\n8:h=1-2\n");
}

TEST(Yaml, ABlockScalarKeepsItsLineFeed) {
  EXPECT_EQ(read("a: |\n  abc\nb: |-\n  abc\n", Format::yaml),
            "1:a=abc\n|a line feed at the end\n3:b=abc\n");
}

TEST(Yaml, MergesWhatAnchorsStandFor) {
  EXPECT_EQ(read("base: &b\n  A: x\n  B: y\nweb:\n  B: z\n  <<: *b\n", Format::yaml),
            "2:base.A=x\n3:base.B=y\n2:web.A=x\n3:web.B=y\n5:web.B=z\n");
}

TEST(Yaml, AliasesOfAliasesAreRefused) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
    for (int k = 0; k < 9; ++k) text += ", " + below;
    text += "]\n";
  }
  EXPECT_EQ(read(text, Format::yaml).substr(0, 30), "error: stands for too much YAM");
  EXPECT_EQ(read("a: &a\n  b: *a\n  <<: *a\n", Format::yaml), "error: stands for too much YAML");
}

TEST(Yaml, SaysWhereItBreaks) {
  EXPECT_EQ(read("a: b\nc: [1, 2\nd: e\n", Format::yaml), "error: line 3 is not YAML");
  EXPECT_EQ(read("a: b\n\tc: d\n", Format::yaml), "error: line 2 is not YAML");
}

TEST(Ini, ReadsSectionsAsConfigparserDoes) {
  EXPECT_EQ(read("top = 1\n[default]\n# c\n; d\naws_secret_access_key = a/b+c==\r\n"
                 "[profile x]\nurl: https://u:p@h\nflag\nempty =\n",
                 Format::ini),
            "1:top=1\n5:default.aws_secret_access_key=a/b+c==\n7:profile x.url=https://u:p@h\n"
            "9:profile x.empty=\n");
}

TEST(Ini, AValueGoesOnOnIndentedLines) {
  EXPECT_EQ(read("[program:x]\nenvironment =\n  A=\"1\",\n  B=\"2\"\nuser=y\n", Format::ini),
            "2:program:x.environment=A=\"1\",\nB=\"2\"\n5:program:x.user=y\n");
}

TEST(Ini, KeepsQuotesAndComments) {
  EXPECT_EQ(read("a = \"x\"\nb = y # new\n", Format::ini),
            "1:a=\"x\"|quotes are kept\n2:b=y # new|a comment became part of the value\n");
}

TEST(Ini, SaysWhereItBreaks) {
  EXPECT_EQ(read("[a]\n[b\n", Format::ini), "error: line 2 is not INI");
  EXPECT_EQ(read("= x\n", Format::ini), "error: line 1 is not INI");
}

TEST(Npmrc, NamesHoldColonsAndValuesLoseQuotes) {
  EXPECT_EQ(read("registry=https://r.test/\n//r.test/:_authToken=abc=\n; c\n"
                 "//q.test/:_password = \"p p\" \nx = a#b\ny=a\\;b\nz=${NPM_TOKEN}\nflag\n",
                 Format::npmrc),
            "1:registry=https://r.test/\n2://r.test/:_authToken=abc=\n4://q.test/:_password=p p\n"
            "5:x=a\n6:y=a;b\n"
            "7:z=${NPM_TOKEN}|npm puts the value of the variable NPM_TOKEN here\n");
}

TEST(Netrc, NamesAreHostAndField) {
  EXPECT_EQ(read("machine api.test\n  login ann\n  password \"p q\"\n# c\ndefault login b\n",
                 Format::netrc),
            "2:api.test.login=ann\n3:api.test.password=p q\n5:default.login=b\n");
}

TEST(Text, WhatNoReaderTakesIsRefused) {
  EXPECT_EQ(read(std::string_view("\xff\xfe"
                                  "a\0",
                                  4),
                 Format::ini),
            "error: is UTF-16, which no program expects here");
  EXPECT_EQ(read(std::string_view("a=\0b", 4), Format::ini),
            "error: is no text: it holds a NUL byte");
  EXPECT_EQ(read("a", Format::unknown), "error: is of no format that settings are read from");
}

TEST(Text, AByteOrderMarkIsOdd) {
  EXPECT_EQ(read("\xef\xbb\xbf{\"a\":\"b\"}", Format::json),
            "1:a=b|a byte order mark before the name\n");
}

struct Named {
  const char* path;
  const char* text;
  Format format;
};

TEST(FormatOf, NamesDecideThenTexts) {
  for (const Named& file :
       std::initializer_list<Named>{{"/a/.env", "", Format::dotenv},
                                    {".env.production", "{}", Format::dotenv},
                                    {"prod.env", "", Format::dotenv},
                                    {"config.JSON", "", Format::json},
                                    {"compose.yml", "", Format::yaml},
                                    {"pyproject.toml", "", Format::toml},
                                    {"/h/.aws/credentials", "", Format::ini},
                                    {"credentials", "[default]\na=b\n", Format::ini},
                                    {"pip.conf", "# c\n[global]\n", Format::ini},
                                    {"/h/.netrc", "", Format::netrc},
                                    {"logins", "machine a login b\n", Format::netrc},
                                    {"/h/.npmrc", "", Format::npmrc},
                                    {"rc", "//r.test/:_authToken=x\n", Format::npmrc},
                                    {"/h/.bashrc", "", Format::shell},
                                    {"start", "#!/bin/sh\nexport A=b\n", Format::shell},
                                    {"settings", "\xef\xbb\xbf{\"a\": 1}", Format::json},
                                    {"settings", "export A=b\n", Format::dotenv},
                                    {"settings", "a:\n  b: c\n", Format::yaml},
                                    {"settings", "---\na: b\n", Format::yaml},
                                    {"key", "sk-abc==\n", Format::unknown},
                                    {"key", "QUJD=\n", Format::unknown},
                                    {"key", "abc:def\n", Format::unknown},
                                    {"key", "", Format::unknown}}) {
    EXPECT_EQ(format_of(file.path, file.text), file.format) << file.path << ": " << file.text;
  }
}

}  // namespace
}  // namespace locksmith::settings
