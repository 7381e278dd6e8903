#include "leaks/report.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "leaks/repositories.hpp"
#include "leaks/test_support.hpp"

namespace locksmith::leaks {
namespace {

struct Sample {
  Sample() {
    provider.slug = "acme";
    provider.name = "Acme";
    provider.pages.keys = "https://acme.test/keys";
    kind.kind = "secret-key";
    kind.role = "secret";
    report.keys = {{.name = "env:ACME_KEY",
                    .fingerprint = "ak_… (20 characters, sha256 00112233)",
                    .what = "Acme secret-key",
                    .kind = {&provider, &kind}}};
    report.tally.files = 3;
  }
  Find& add(Where where, std::string path, std::string inside = {}) {
    report.tally.finds.push_back({.where = where, .path = std::move(path), .line = 2, .column = 5});
    report.tally.finds.back().inside = std::move(inside);
    return report.tally.finds.back();
  }
  HistoryFind& add_history(std::uint8_t reach) {
    if (report.repositories.empty()) report.repositories.push_back({".", {}});
    HistoryFind find;
    find.path = "app.py";
    find.line = 2;
    find.object = "0123456789abcdef";
    find.versions = 2;
    find.first = HistoryCommit{"1111111122222222", "Ada <ada@example.com>", 1772366400, 0};
    find.last = HistoryCommit{"3333333344444444", "Bob <bob@example.com>", 1775044800, 120};
    find.reach = reach;
    report.repositories[0].found.finds.push_back(find);
    return report.repositories[0].found.finds.back();
  }
  // The first words of each piece of advice.
  std::vector<std::string> advised() {
    std::vector<std::string> out;
    for (const Advice& line : advice(report, 0))
      out.push_back(line.text.substr(0, line.text.find(' ')));
    return out;
  }

  catalogue::Provider provider;
  catalogue::KeyKind kind;
  Report report;
};
using Words = std::vector<std::string>;

TEST(LeaksReport, RotationComesFirst) {
  Sample sample;
  EXPECT_EQ(sample.advised(), Words{});
  sample.add(Where::log, "/var/log/x");
  sample.add(Where::shell_history, "h");
  sample.add(Where::file, "image.tar", "layer!x");
  sample.add_history(by_remote | by_branch);
  EXPECT_EQ(sample.advised(), (Words{"Rotate", "The", "Rewrite", "Build", "Delete", "Delete"}));
  EXPECT_NE(advice(sample.report, 0)[0].text.find("https://acme.test/keys"), std::string::npos);
}

TEST(LeaksReport, AnEnvFileIsWhereAKeyBelongs) {
  Sample sample;
  sample.add(Where::file, "app/.env");
  EXPECT_EQ(sample.advised(), Words{"A"});
  EXPECT_EQ(advice(sample.report, 0)[0].commands, Words{"git check-ignore -v app/.env"});
  sample.add(Where::file, "app/.env.production");
  EXPECT_EQ(sample.advised(), Words{"A"});
  sample.add(Where::file, "app/.env.example");
  EXPECT_EQ(sample.advised(), (Words{"Rotate", "Let"}));
  Sample committed;
  committed.add(Where::file, ".env");
  committed.add_history(by_branch);
  EXPECT_EQ(committed.advised(), (Words{"Rotate", "Let", "Rewrite"}));
}

TEST(LeaksReport, WhatNobodyHasNeedsNoRewriting) {
  Sample sample;
  sample.add_history(by_stash);
  EXPECT_EQ(sample.advised(), (Words{"Rotate", "Drop"}));
}

TEST(LeaksReport, CommitsInWords) {
  Sample sample;
  HistoryFind& find = sample.add_history(by_remote);
  find.refs = {"main", "next"};
  EXPECT_EQ(commits(find),
            "2 versions, from 11111111 (2026-03-01, Ada <ada@example.com>) to 33333333 "
            "(2026-04-01, Bob <bob@example.com>), still in main and 1 more, published");
  find.first.reset();
  find.last.reset();
  find.refs.clear();
  find.reach = 0;
  find.stored = "loose";
  EXPECT_EQ(commits(find), "2 versions, in no commit, only in loose");
}

TEST(LeaksReport, ACopyAtHomeIsNoLeak) {
  const TestFolder folder;
  folder.write(".env", "x");
  Sample sample;
  sample.report.keys[0].home = folder / ".env";
  sample.add(Where::file, folder / "./.env");
  sample.add(Where::file, folder / "other");
  Find& built_in = sample.add(Where::file, folder / ".env");
  built_in.variable = "NEXT_PUBLIC_KEY";
  sample.report.annotate();
  EXPECT_EQ(sample.report.leaks(), 2);
  EXPECT_TRUE(sample.report.tally.finds[0].at_home);
  EXPECT_FALSE(sample.report.tally.finds[2].exposure.empty());
}

TEST(LeaksReport, KeysAreSortedByTheirCopies) {
  Sample sample;
  sample.report.keys.push_back({.fingerprint = "second"});
  sample.add(Where::file, "a").key = 1;
  sample.add(Where::file, "b").key = 0;
  sample.add_history(by_branch).key = 1;
  sample.report.sort_keys();
  EXPECT_EQ(sample.report.keys[0].fingerprint, "second");
  EXPECT_EQ(sample.report.tally.finds[0].key, 0);
  EXPECT_EQ(sample.report.tally.finds[1].key, 1);
  EXPECT_EQ(sample.report.repositories[0].found.finds[0].key, 0);
}

TEST(LeaksReport, PlacesAreSafeToShow) {
  Find find{.path = "a\x1b[31m\xff", .line = 3, .column = 7};
  EXPECT_EQ(place(find), "a\\x1b[31m\\xff:3:7");
}

TEST(LeaksReport, JsonOfNamesThatAreNotUtf8) {
  Sample sample;
  sample.add(Where::file, "caf\xe9");
  const auto json = boost::json::parse(as_json(sample.report));
  EXPECT_EQ(json.at("outcome").as_string(), "found");
  EXPECT_EQ(json.at_pointer("/keys/0/finds/0/path").as_string(), "caf\\xe9");
}

TEST(LeaksReport, APathThatCannotBeReadIsNotClean) {
  Sample sample;
  sample.report.tally.unreached = 1;
  EXPECT_EQ(boost::json::parse(as_json(sample.report)).at("outcome").as_string(), "unreadable");
}

TEST(Repositories, EachOnce) {
  const TestFolder folder;
  for (const char* name : {"a/.git", "a/.git/modules/sub", "b.git"}) {
    const std::string at = std::string(name) + "/";
    folder.write(at + "HEAD", "ref: refs/heads/main\n");
    folder.write(at + "objects/pack/x", "");
    folder.write(at + "refs/heads/x", "");
  }
  folder.write("a/src/f", "");
  EXPECT_EQ(repositories_of({folder / "a/src", folder / "a"},
                            {folder / "a/.git", folder / "a/.git/modules/sub", folder / "b.git"}),
            (std::vector<std::string>{std::filesystem::canonical(folder / "a").string(),
                                      folder / "b.git"}));
  EXPECT_TRUE(repositories_of({folder / "a/src/f"}, {}).empty());  // a file, not a folder
}

}  // namespace
}  // namespace locksmith::leaks
