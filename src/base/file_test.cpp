// The reader of files that strangers name: it must refuse what would block it or never end.
#include "base/file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace locksmith::base {
namespace {

std::filesystem::path scratch(std::string_view name) {
  const auto folder =
      std::filesystem::path(testing::TempDir()) / ("locksmith_file_" + std::string(name));
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

TEST(File, ReadsEveryByte) {
  const auto path = scratch("bytes") / "f";
  const std::string content("a\0b\r\n\xff", 6);
  std::ofstream(path, std::ios::binary) << content;
  EXPECT_EQ(read_regular_file(path).value(), content);
}

TEST(File, RefusesWhatIsTooLarge) {
  const auto path = scratch("large") / "f";
  std::ofstream(path) << std::string(1001, 'x');
  EXPECT_EQ(read_regular_file(path, 1001).value().size(), 1001u);
  EXPECT_EQ(read_regular_file(path, 1000).error().code, ErrorCode::unreadable);
}

TEST(File, RefusesDevicesFifosAndFolders) {
  const auto folder = scratch("kinds");
  const auto fifo = folder / "fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  for (const std::string& path : {std::string("/dev/zero"), fifo.string(), folder.string()}) {
    const auto content = read_regular_file(path);
    ASSERT_FALSE(content) << path;
    EXPECT_TRUE(content.error().message.contains("not a regular file")) << content.error().message;
  }
}

TEST(File, SaysWhatIsMissing) {
  const auto content = read_regular_file("/nonexistent/locksmith");
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().message,
            "cannot read /nonexistent/locksmith: No such file or directory");
}

}  // namespace
}  // namespace locksmith::base
