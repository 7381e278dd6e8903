#include "leaks/archive.hpp"

#include <gtest/gtest.h>

#include "leaks/test_support.hpp"
#include "leaks/tree.hpp"

namespace locksmith::leaks {
namespace {

Tally search(std::string_view bytes, const ArchiveLimits& limits = {}) {
  Tally tally;
  search_archive(bytes, TextDetector("needle"), limits, {Where::file, "f", {}}, {}, tally);
  return tally;
}

TEST(Archive, CompressedFiles) {
  for (const auto filter :
       {archive_write_add_filter_gzip, archive_write_add_filter_bzip2, archive_write_add_filter_xz,
        archive_write_add_filter_zstd, archive_write_add_filter_lz4}) {
    const std::string bytes = compressed("one\ntwo needle\n", filter);
    EXPECT_TRUE(is_archive(bytes));
    EXPECT_EQ(places(search(bytes)), std::vector<std::string>{"f:2:5"});
  }
}

TEST(Archive, MembersAreNamed) {
  const Members members{{"etc/app.env", "A=1\nB=needle"}, {"empty", ""}, {"other", "x"}};
  for (const std::string& bytes : {tar(members), zip(members)}) {
    EXPECT_TRUE(is_archive(bytes));
    const Tally tally = search(bytes);
    EXPECT_EQ(places(tally), std::vector<std::string>{"f!etc/app.env:2:3"});
    EXPECT_EQ(tally.files, 3);
    EXPECT_EQ(tally.finds.at(0).variable, "B");
  }
}

TEST(Archive, AnImageHoldsLayers) {
  const std::string layer = tar({{"app/.env", "needle"}});
  const std::string packed_layer = packed(
      {{"app/.npmrc", "needle"}}, archive_write_set_format_ustar, archive_write_add_filter_gzip);
  const std::string jar = zip({{"a.properties", "\nneedle"}});
  const std::string image = tar({{"manifest.json", "[]"},
                                 {"blobs/sha256/aa", layer},
                                 {"blobs/sha256/bb", packed_layer},
                                 {"cc/layer.tar", tar({{"lib/a.jar", jar}})}});
  EXPECT_EQ(places(search(image)),
            (std::vector<std::string>{"f!blobs/sha256/aa!app/.env:1:1",
                                      "f!blobs/sha256/bb!app/.npmrc:1:1",
                                      "f!cc/layer.tar!lib/a.jar!a.properties:2:1"}));
}

TEST(Archive, NestingHasALimit) {
  std::string bytes = tar({{"f", "needle"}});
  for (int i = 0; i < 10; ++i) bytes = tar({{"t", bytes}});
  const Tally tally = search(bytes);
  EXPECT_TRUE(tally.finds.empty());
  EXPECT_EQ(tally.skipped.count(Reason::limit), 1);
}

TEST(Archive, SizeHasALimit) {
  const std::string bytes =
      compressed("needle" + std::string(4 << 20, ' ') + "needle", archive_write_add_filter_gzip);
  const Tally tally = search(bytes, {.unpacked = 1 << 20});
  EXPECT_EQ(tally.finds.size(), 1);  // what came before the limit counts
  ASSERT_EQ(tally.skipped.count(Reason::limit), 1);
  EXPECT_EQ(tally.skipped.examples().at(0).detail, "unpacks to more than 1 MB");
  EXPECT_EQ(search(bytes).finds.size(), 2);
}

TEST(Archive, GrowthHasALimit) {
  const std::string bytes =
      compressed(std::string(8 << 20, ' ') + "needle", archive_write_add_filter_bzip2);
  const Tally tally = search(bytes, {.ratio = 1000, .ratio_from = 1 << 20});
  EXPECT_TRUE(tally.finds.empty());
  EXPECT_EQ(tally.skipped.count(Reason::limit), 1);
}

TEST(Archive, MembersHaveALimit) {
  const Tally tally = search(tar({{"a", "x"}, {"b", "x"}, {"c", "needle"}}), {.members = 2});
  EXPECT_TRUE(tally.finds.empty());
  EXPECT_EQ(tally.skipped.count(Reason::limit), 1);
}

TEST(Archive, ADamagedOneIsSearchedAsFarAsItGoes) {
  std::string noise;
  for (unsigned i = 0, x = 1; i < 400'000; ++i)
    noise += static_cast<char>((x = x * 69069 + 1) >> 24);
  std::string bytes = compressed("needle" + noise, archive_write_add_filter_gzip);
  bytes.resize(bytes.size() / 2);
  const Tally tally = search(bytes);
  EXPECT_EQ(tally.finds.size(), 1);
  EXPECT_EQ(tally.skipped.count(Reason::damaged), 1);
}

TEST(Archive, WhatOnlyBeginsLikeOneIsSearchedAsItIs) {
  const TestFolder folder;
  folder.write("f.zip", "PK\3\4 no zip, but a needle");
  TreeOptions options;
  options.starts = {{folder.path()}};
  EXPECT_EQ(search_tree(TextDetector("needle"), options).finds.size(), 1);
}

TEST(Archive, PlainTextIsNone) {
  EXPECT_FALSE(is_archive("just a text, long enough to be looked at"));
  EXPECT_FALSE(is_archive("BZh is how bzip2 begins"));
  EXPECT_FALSE(is_archive(""));
}

}  // namespace
}  // namespace locksmith::leaks
