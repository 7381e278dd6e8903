#include "whereabouts/environment.hpp"

#include <gtest/gtest.h>

namespace locksmith::whereabouts {
namespace {

TEST(Environment, OfDotenvFiles) {
  EXPECT_EQ(environment_of(".env"), "");
  EXPECT_EQ(environment_of(".env.local"), "");
  EXPECT_EQ(environment_of("/a/.env.production"), "production");
  EXPECT_EQ(environment_of(".env.prod.local"), "production");
  EXPECT_EQ(environment_of(".env.Staging"), "staging");
  EXPECT_EQ(environment_of("web/.env.docker"), "docker");
  EXPECT_EQ(environment_of(".env.example"), "example");
  EXPECT_EQ(environment_of(".env.production.sample"), "example");
  EXPECT_EQ(environment_of("env.example"), "example");
  EXPECT_EQ(environment_of("prod.env"), "production");
  EXPECT_EQ(environment_of("app.env"), "");
}

TEST(Environment, OfOtherFiles) {
  EXPECT_EQ(environment_of("docker-compose.prod.yml"), "production");
  EXPECT_EQ(environment_of("compose.yml"), "");
  EXPECT_EQ(environment_of("appsettings.Development.json"), "development");
  EXPECT_EQ(environment_of("k8s/overlays/staging/secret.yaml"), "staging");
  EXPECT_EQ(environment_of("k8s/production-notes/secret.yaml"), "");
  EXPECT_EQ(environment_of("/srv/dev/app/compose.yml"), "");
  EXPECT_EQ(environment_of("/srv/dev/.env"), "");
  EXPECT_EQ(environment_of("examples/a/.env"), "example");
  EXPECT_EQ(environment_of(""), "");
}

}  // namespace
}  // namespace locksmith::whereabouts
