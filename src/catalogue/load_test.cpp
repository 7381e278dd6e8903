#include "catalogue/load.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/test_folder.hpp"

namespace locksmith::catalogue {
namespace {

namespace fs = std::filesystem;
const fs::path fixture = fs::path(LOCKSMITH_SOURCE_DIR) / "tests/catalogue_fixture";

Files read_fixture() {
  auto files = Files::read(fixture);
  if (!files) {
    for (const Problem& p : files.error())
      ADD_FAILURE() << p.file << ":" << p.line << ": " << p.message;
    throw std::runtime_error("the fixture has problems");
  }
  return std::move(*files);
}

TEST(Load, ReadsAProvider) {
  const Files files = read_fixture();
  const Provider* acme = files.catalogue().provider("acme");
  ASSERT_TRUE(acme);
  EXPECT_EQ(acme->name, "Acme");
  ASSERT_EQ(acme->hosts.size(), 2u);
  EXPECT_EQ(acme->base_url_variables.front(), "ACME_BASE_URL");
  EXPECT_EQ(acme->environments[1].hosts.front(), "api.acme.example");
  EXPECT_EQ(acme->pages.docs, "https://acme.example/docs");
  ASSERT_EQ(acme->keys.size(), 3u);
  EXPECT_EQ(acme->keys[0].prefix, "acme_live_");
  EXPECT_EQ(acme->keys[0].checksum, credential::Checksum::crc32_base62);
  EXPECT_EQ(acme->keys[0].role, "secret");
  EXPECT_FALSE(acme->keys[2].accepted);
  EXPECT_FALSE(acme->keys[2].distinctive);
  EXPECT_EQ(acme->whoami.url, "https://api.acme.example/v1/me");
  ASSERT_EQ(acme->whoami.answer.owner.size(), 2u);
  EXPECT_EQ(acme->whoami.answer.owner[1], "/org");
  EXPECT_EQ(acme->whoami.answer.expires, "x-acme-expires");
  EXPECT_EQ(acme->companions[0].when, "/v1/");
}

TEST(Load, BasicPlacementsGoIntoTheAuthorizationHeader) {
  const Files files = read_fixture();
  const Placement& basic = files.catalogue().provider("acme")->placements[1];
  EXPECT_EQ(basic.place, credential::Place::header);
  EXPECT_EQ(basic.name, "Authorization");
  EXPECT_EQ(basic.scheme, "Basic");
  EXPECT_EQ(basic.basic_part, "password");
  EXPECT_EQ(basic.basic_user, "__token__");
}

TEST(Load, WeighsWhatARefusalSays) {
  const Files files = read_fixture();
  const auto refusals = files.catalogue().provider("acme")->refusals;
  ASSERT_EQ(refusals.size(), 3u);
  ASSERT_EQ(refusals[0].weights.size(), 2u);
  EXPECT_EQ(refusals[0].weights[0].cause, "expired");
  EXPECT_DOUBLE_EQ(refusals[0].weights[0].decibans, 30);
  EXPECT_DOUBLE_EQ(refusals[0].weights[1].decibans, 26);
  EXPECT_EQ(refusals[0].checked, "2026-11-21");
  EXPECT_DOUBLE_EQ(refusals[1].weights[0].decibans, -5.5 * 0.6);
  EXPECT_EQ(refusals[1].when[0].text, "incorrect api key");
  EXPECT_EQ(refusals[2].when[0].what, Condition::What::header);
  EXPECT_EQ(refusals[2].when[0].text, "expired");
}

TEST(Load, ReadsCausesAndAnswers) {
  const Files files = read_fixture();
  const Cause* expired = files.catalogue().cause("expired");
  ASSERT_TRUE(expired);
  EXPECT_EQ(expired->group, "credential");
  EXPECT_EQ(expired->fix.size(), 2u);
  EXPECT_TRUE(expired->page.starts_with("# The key has expired\n"));
  EXPECT_DOUBLE_EQ(expired->prior(401), -6);
  EXPECT_DOUBLE_EQ(expired->prior(500), -20);
  const Answer* answer = files.catalogue().answer("bad-credential");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->phrases.front(), "invalid api key");
  EXPECT_EQ(answer->weights.size(), 2u);
}

TEST(Load, ReadsExamples) {
  const Files files = read_fixture();
  ASSERT_EQ(files.examples().size(), 3u);
  const Example& gate = files.examples()[2];
  EXPECT_TRUE(gate.intermediary);
  EXPECT_EQ(gate.owner, "gate");
  EXPECT_EQ(gate.expect_not.front(), "expired");
  EXPECT_GT(gate.line, 1);
}

TEST(Load, OverlaysAnotherCatalogueBySlug) {
  const Files base = read_fixture();
  auto own = Files::read_provider("name = \"My Acme\"\nhosts = [\"acme.internal\"]\n", "acme",
                                  base.catalogue());
  ASSERT_TRUE(own);
  const Catalogue both = own->over(base.catalogue());
  ASSERT_EQ(both.providers.size(), 2u);
  EXPECT_EQ(both.provider("acme")->name, "My Acme");
  EXPECT_EQ(both.provider("zenith")->name, "Zenith");
  EXPECT_EQ(both.causes.size(), 2u);
  EXPECT_TRUE(std::ranges::is_sorted(both.providers, {}, &Provider::slug));
}

TEST(Load, TakesTheHostsThatItNames) {
  const Files base = read_fixture();
  auto own = Files::read_provider(
      "name = \"Proxy\"\nhosts = [\"api.acme.example\", \"sandbox.acme-test.example\"]\n",
      "our-proxy", base.catalogue());
  ASSERT_TRUE(own);
  const Catalogue both = own->over(base.catalogue());
  EXPECT_EQ(both.provider_of_host("api.acme.example")->slug, "our-proxy");
  EXPECT_EQ(both.provider_of_host("sandbox.acme-test.example")->slug, "our-proxy");
  EXPECT_EQ(both.provider_of_host("eu.acme.example")->slug, "acme");
  EXPECT_EQ(base.catalogue().provider_of_host("api.acme.example")->slug, "acme");
}

TEST(Load, AMissingPathIsAProblem) {
  const auto files = Files::read(fixture / "providers/nobody.toml");
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().front().message, "cannot be read");
}

// What is wrong, in which line, with which hint: `text` follows a provider's name and hosts in
// lines 1 and 2.
struct Bad {
  std::string text;
  int line;
  std::string message, hint;
};

TEST(Load, SaysWhatIsWrongWithLineAndHint) {
  const std::string refusal = "[[refusal]]\nstatus = 401\nsource = \"unsourced\"\n";
  const std::string key = "[[key]]\nkind = \"k\"\nsource = \"unsourced\"\n";
  const std::string whoami = "[whoami]\nurl = \"/me\"\nsource = \"unsourced\"\n";
  const Bad cases[] = {
      {refusal + "pointr = \"/a\"\nanswer = \"bad-credential\"\n", 6,
       "unknown field `pointr` in [[refusal]]", "did you mean `pointer`?"},
      {"colour = 1\n", 3, "unknown field `colour`", ""},
      {refusal + "cause = \"expird\"\n", 6, "unknown cause \"expird\"", "did you mean `expired`?"},
      {refusal + "answer = \"bad-credentials\"\n", 6, "unknown answer \"bad-credentials\"",
       "did you mean `bad-credential`?"},
      {refusal + "weights = { nothing = 1 }\n", 6, "unknown cause \"nothing\"", ""},
      {refusal, 3, "[[refusal]] says nothing: `answer`, `cause` and `weights` are missing", ""},
      {refusal + "also = \"expired\"\nweights = { expired = 3 }\n", 6, "`also` without `cause`",
       ""},
      {refusal + "cause = \"expired\"\nweights = { expired = 3 }\n", 7,
       "cause \"expired\" is named twice", ""},
      {refusal + "cause = \"expired\"\nequals = \"x\"\n", 7, "`equals` without `pointer`", ""},
      {refusal + "cause = \"expired\"\npointer = \"a\"\n", 7,
       "the JSON pointer \"a\" does not start with '/'", "RFC 6901"},
      {refusal + "cause = \"expired\"\nchecked = \"2026-01-01\"\n", 7, "`checked` must be a date",
       ""},
      {refusal + "cause = \"expired\"\n" + refusal + "body = \"x\"\ncause = \"expired\"\n", 7,
       "this rule never fires: the one in line 3", "put the special one first"},
      {"[[refusal]]\nstatus = 999\nsource = \"unsourced\"\ncause = \"expired\"\n", 4,
       "999 is no HTTP status", ""},
      {"[[refusal]]\nsource = \"unsourced\"\ncause = \"expired\"\n", 3,
       "[[refusal]] fits every answer", ""},
      {"[[refusal]]\nstatus = 401\nsource = \"my memory\"\ncause = \"expired\"\n", 5,
       "`source` must be a URL", "\"unsourced\""},
      {"[[refusal]]\nstatus = 401\ncause = \"expired\"\n", 3, "[[refusal]]: `source` is missing",
       ""},
      {key + "shape = \"a{3\"\n", 6, "shape: a repetition is", ""},
      {key + "shape = \"a{9}\"\nrole = \"secrets\"\n", 7, "`role` cannot be \"secrets\"",
       "did you mean `secret`?"},
      {key + "shape = \"a{9}\"\nenvironment = \"live\"\n", 7,
       "there is no [[environment]] \"live\"", ""},
      {key + "shape = \"a{6}\"\nchecksum = \"crc32-base62\"\n", 7,
       "this shape has no room for a checksum", ""},
      {key + "shape = \"a{6}\"\n" + key + "shape = \"a{6}\"\n", 8, "key \"k\" occurs twice", ""},
      {key + "shape = \"a\"\n[[placement]]\nin = \"query\"\nname = \"k\"\nkeys = [\"kk\"]\n", 10,
       "there is no [[key]] \"kk\"", ""},
      {"[[placement]]\nin = \"headr\"\nname = \"x\"\n", 4, "`in` cannot be \"headr\"",
       "did you mean `header`?"},
      {"[[recognise]]\nbody = [\"a\", \"b\"]\n", 3, "[[recognise]] holds exactly one condition",
       ""},
      {"[whoami]\nmethod = \"POST\"\nurl = \"/me\"\nsource = \"unsourced\"\n", 4,
       "`method` cannot be \"POST\"", ""},
      {whoami + "keys = \"k\"\n", 6, "there is no [[key]] \"k\"", ""},
      {whoami + "[whoami.answer]\nscopes = \"X-Scopes\"\nsource = \"unsourced\"\n", 7,
       "\"X-Scopes\" is neither a JSON pointer nor a header's name", "\"x-oauth-scopes\""},
      {whoami + "[whoami.answer]\nowner = [\"/a\", \"b c\"]\nsource = \"unsourced\"\n", 7,
       "\"b c\" is neither", ""},
      {whoami + "[whoami.answer]\nowner = \"/a\"\n", 6, "source", ""},
      {whoami +
           "[whoami.answer]\nowner_url = \"http://x\"\nowner = \"/a\"\nsource = \"unsourced\"\n",
       7, "`owner_url` is neither an https URL nor a path", ""},
      {whoami + "[whoami.answer]\nowner_url = \"/a\"\nsource = \"unsourced\"\n", 7,
       "`owner_url` says where", ""},
      {"variables = 3\n", 3, "`variables` must be a text or a list of texts", ""},
      {"key = 3\n", 3, "`key` must be a list of tables", ""},
      {"quirks = [\"a\", \"\"]\n", 3, "`quirks` holds an empty text", ""},
      {"[[example]]\nname = \"x\"\nrequest = \"GET https://a.example/\"\nresponse = "
       "\"401\"\nsource = \"unsourced\"\n",
       3, "[[example]] expects nothing", ""},
      {"[[example]]\nname = \"x\"\nrequest = \"GET https://a.example/?k={{key:zz}}\"\nresponse = "
       "\"401\"\nexpect = \"expired\"\nsource = \"unsourced\"\n",
       3, "\"bad\" has no key \"zz\"", ""},
      {"= 3\n", 3, "", ""},
  };
  const Files base = read_fixture();
  for (const Bad& bad : cases) {
    const auto files = Files::read_provider("name = \"Bad\"\nhosts = \"bad.example\"\n" + bad.text,
                                            "bad", base.catalogue());
    ASSERT_FALSE(files) << bad.text;
    const bool found = std::ranges::any_of(files.error(), [&](const Problem& p) {
      return p.line == bad.line && p.message.find(bad.message) != p.message.npos &&
             p.hint.find(bad.hint) != p.hint.npos;
    });
    EXPECT_TRUE(found) << bad.text << "\nsays: " << files.error().front().line << ": "
                       << files.error().front().message << " / " << files.error().front().hint;
  }
}

TEST(Load, ReportsAllProblemsAtOnce) {
  const auto files =
      Files::read_provider("hosts = \"https://x/\"\nfoo = 1\n[[key]]\nkind = 3\n", "bad");
  ASSERT_FALSE(files);
  EXPECT_GE(files.error().size(), 5u);
  EXPECT_TRUE(std::ranges::is_sorted(files.error(), {}, &Problem::line));
}

TEST(Load, WithoutKnownCausesTheirNamesAreNotChecked) {
  EXPECT_TRUE(
      Files::read_provider("name = \"A\"\nhosts = \"a.example\"\n[[refusal]]\nstatus = 401\ncause "
                           "= \"anything\"\nsource = \"unsourced\"\n",
                           "a"));
}

class Folder : public testing::Test {
 protected:
  void SetUp() override { fs::copy(fixture, root_.path(), fs::copy_options::recursive); }
  void write(std::string_view name, std::string_view text) { root_.write(name, text); }
  bool has_problem(std::string_view file, std::string_view message) {
    const auto files = Files::read(root_.path());
    return !files && std::ranges::any_of(files.error(), [&](const Problem& p) {
      return p.file.ends_with(file) && p.message.find(message) != p.message.npos;
    });
  }
  base::TestFolder root_;
};

TEST_F(Folder, OneHostHasOneProvider) {
  write("providers/other.toml", "name = \"Other\"\nhosts = \"api.acme.example\"\n");
  EXPECT_TRUE(has_problem("other.toml", "host \"api.acme.example\" belongs to \"acme\" too"));
}

TEST_F(Folder, OneSlugHasOneOwner) {
  write("intermediaries/acme.toml", "name = \"A\"\nkind = \"waf\"\n[[recognise]]\nbody = \"x\"\n");
  EXPECT_TRUE(has_problem("acme.toml", "\"acme\" is an intermediary too"));
}

TEST_F(Folder, NoFileIsIgnoredForItsPlace) {
  write("own.toml", "name = \"Other\"\nhosts = \"x.example\"\n");
  EXPECT_TRUE(has_problem("own.toml", "stands in no folder of the catalogue"));
}

TEST_F(Folder, FileNamesAreSlugs) {
  write("providers/Big_Name.toml", "name = \"Other\"\nhosts = \"x.example\"\n");
  EXPECT_TRUE(has_problem("Big_Name.toml", "the file's name is no slug"));
}

TEST_F(Folder, CausesNeedTheirFrontMatter) {
  write("causes/odd.md", "# Odd\n");
  EXPECT_TRUE(has_problem("odd.md", "does not open with TOML front matter"));
  write("causes/odd.md", "+++\ntitle = \"x\"\nwho = \"nobody\"\nprior = { \"40\" = 1 }\n+++\n");
  EXPECT_TRUE(has_problem("odd.md", "`who` cannot be \"nobody\""));
  EXPECT_TRUE(has_problem("odd.md", "`prior` has no place for \"40\""));
  EXPECT_TRUE(has_problem("odd.md", "`prior` lacks `other`"));
  EXPECT_TRUE(has_problem("odd.md", "`fix` is missing"));
  EXPECT_TRUE(has_problem("odd.md", "no text behind its front matter"));
}

}  // namespace
}  // namespace locksmith::catalogue
