// A folder for one test, gone with it.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace locksmith::base {

class TestFolder {
 public:
  TestFolder() : TestFolder(std::filesystem::temp_directory_path()) {}
  // In memory where there is such a place: for what writes much, and is not about disks. Programs
  // may not be run from there.
  static TestFolder in_memory() {
    if (::access("/dev/shm", W_OK) != 0) return TestFolder();
    return TestFolder(std::filesystem::path("/dev/shm"));
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  // Makes the folders in between, too. The path of the file.
  std::string write(std::string_view name, std::string_view text) const {
    const std::string file = *this / name;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

 private:
  explicit TestFolder(const std::filesystem::path& parent)
      : path_((parent / "locksmith-test-XXXXXX").string()) {
    if (!::mkdtemp(path_.data())) std::abort();
  }

  std::string path_;
};

}  // namespace locksmith::base
