// What the tests of a git history need: a folder that goes with the test, git itself, and keys.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <string>
#include <string_view>

#include "base/test_folder.hpp"

namespace locksmith::leaks {

using base::TestFolder;

// Runs a shell command in a folder, with nothing of the developer's configuration; its output.
inline std::string shell(const std::string& folder, const std::string& command) {
  const std::string all =
      "cd '" + folder +
      "' && export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_CONFIG_COUNT=1 "
      "GIT_CONFIG_KEY_0=protocol.file.allow GIT_CONFIG_VALUE_0=always "
      "GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com GIT_COMMITTER_NAME=Ada "
      "GIT_COMMITTER_EMAIL=ada@example.com HOME=/nowhere && unset GIT_DIR GIT_WORK_TREE "
      "GIT_INDEX_FILE && " +
      command;
  FILE* pipe = ::popen(all.c_str(), "r");
  std::string out;
  char piece[4096];
  for (std::size_t n; (n = std::fread(piece, 1, sizeof piece, pipe)) > 0;) out.append(piece, n);
  const int status = ::pclose(pipe);
  EXPECT_EQ(status, 0) << command;
  return out;
}

inline std::string some_key(std::mt19937_64& random, std::size_t length = 40) {
  std::string key;
  while (key.size() < length)
    key += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"[random() % 62];
  return key;
}

}  // namespace locksmith::leaks
