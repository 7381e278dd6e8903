#include "leaks/client_side.hpp"

#include <gtest/gtest.h>

namespace locksmith::leaks {
namespace {

TEST(ClientSide, FoldersThatAreServed) {
  for (const char* path : {"dist/app.js", "web/build/static/js/main.js", "public/config.json",
                           ".next/static/chunks/1.js", "www/index.html", "assets/app.bundle.js",
                           "lib/app.js.map", "/srv/htdocs/a", "out/page.html"}) {
    EXPECT_FALSE(exposure(path, {}).empty()) << path;
  }
}

TEST(ClientSide, FoldersThatAreNot) {
  for (const char* path : {"src/app.js", "build/CMakeCache.txt", "dist/package.tar.gz",
                           ".next/server/app.js", "dist/server/entry.js", "distribution/a.js",
                           "node_modules/x/dist/a.js", ".env", "publications/a.html"}) {
    EXPECT_EQ(exposure(path, {}), "") << path;
  }
}

TEST(ClientSide, VariablesThatAreBuiltIn) {
  EXPECT_EQ(exposure(".env", "NEXT_PUBLIC_KEY"), "NEXT_PUBLIC_… is built into the page");
  EXPECT_FALSE(exposure(".env", "VITE_SECRET").empty());
  EXPECT_EQ(exposure(".env", "KEY"), "");
  EXPECT_EQ(exposure(".env", "MY_VITE_KEY"), "");
}

}  // namespace
}  // namespace locksmith::leaks
