#include "doctor/surroundings.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/test_folder.hpp"
#include "base/text.hpp"

namespace locksmith::doctor {
namespace {

const std::string key = std::string("sk-") + std::string(40, 'k');

// A home and a working folder of its own.
class surroundings : public testing::Test {
 protected:
  void SetUp() override {
    before_ = std::filesystem::current_path();
    std::filesystem::current_path(folder_.path());
    setenv("HOME", folder_.path().c_str(), 1);
  }
  void TearDown() override { std::filesystem::current_path(before_); }
  void write(std::string_view name, std::string_view text) { folder_.write(name, text); }
  static Question of(const std::string& command) {
    Question question = *read_command_text(command);
    add_surroundings(question, catalogue::embedded());
    return question;
  }
  static const http::Environment& environment_of(const Question& question) {
    return question.bundle.environment;
  }

 private:
  base::TestFolder folder_;
  std::filesystem::path before_;
};

TEST_F(surroundings, are_those_of_the_api_and_of_the_way_there) {
  setenv("OPENAI_API_KEY", key.c_str(), 1);
  setenv("https_proxy", "http://proxy.acme.test:3128", 1);
  setenv("SOMEBODY_ELSES_SECRET", "hidden-from-locksmith", 1);
  const Question question = of("curl https://api.openai.com/v1/models");
  const auto& variables = environment_of(question).variables;
  EXPECT_EQ(variables.at("OPENAI_API_KEY"), key);
  EXPECT_EQ(variables.at("https_proxy"), "http://proxy.acme.test:3128");
  EXPECT_FALSE(variables.contains("SOMEBODY_ELSES_SECRET"));
  EXPECT_FALSE(variables.contains("PATH"));
  EXPECT_FALSE(
      of("curl https://api.acme.test/").bundle.environment.variables.contains("OPENAI_API_KEY"));
}

TEST_F(surroundings, name_the_variable_that_holds_the_key) {
  setenv("MY_OWN_NAME_FOR_IT", (key + "x").c_str(), 1);
  const Question question =
      of("curl -H 'Authorization: Bearer " + key + "x' https://api.acme.test/v1");
  EXPECT_EQ(environment_of(question).variables.at("MY_OWN_NAME_FOR_IT"), key + "x");
  EXPECT_FALSE(of("curl https://api.acme.test/v1")
                   .bundle.environment.variables.contains("MY_OWN_NAME_FOR_IT"));
}

TEST_F(surroundings, hold_the_dotenv_file_of_the_folder_and_no_other) {
  write(".env", "ACME_KEY=1\n");
  write(".env.production", "ACME_KEY=2\n");
  write(".netrc", "machine api.acme.test login me password " + key + "\n");
  const Question question = of("curl https://api.acme.test/v1");
  ASSERT_EQ(environment_of(question).files.size(), 1u);
  EXPECT_EQ(environment_of(question).files[0].path, ".env");
  EXPECT_FALSE(question.bundle.failure().request.headers.has("authorization"));
}

// Line numbers stay; what a person has in such a file besides is nobody's business.
TEST_F(surroundings, hold_only_those_lines_of_other_files_that_set_the_variable) {
  write(".bashrc", "alias x=y\nexport OPENAI_API_KEY=" + key + "\nPS1=z\n");
  write(".env.local", "PORT=1\nOPENAI_API_KEY='" + key + "1'\n");
  write(".zshrc", "export OTHER=1\n");
  const Question question = of("curl https://api.openai.com/v1/models");
  const auto& files = environment_of(question).files;
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].path, ".bashrc");
  EXPECT_EQ(files[0].content, "\nexport OPENAI_API_KEY=" + key + "\n\n");
  EXPECT_EQ(files[1].path, ".env.local");
  EXPECT_EQ(files[1].content, "\nOPENAI_API_KEY='" + key + "1'\n");
  EXPECT_TRUE(files[1].modified.has_value());
}

TEST_F(surroundings, log_in_from_netrc_where_curl_would) {
  write(".netrc", "machine api.acme.test login me password " + key + "\n");
  const auto authorization = [](const Question& question) {
    return std::string(question.bundle.failure().request.headers.get("authorization"));
  };
  EXPECT_EQ(authorization(of("curl -n https://api.acme.test/v1")),
            "Basic " + base::base64_encode("me:" + key));
  EXPECT_EQ(authorization(of("curl -n https://other.acme.test/v1")), "");
  EXPECT_EQ(authorization(of("curl -n -H 'Authorization: Bearer x' https://api.acme.test/v1")),
            "Bearer x");
}

}  // namespace
}  // namespace locksmith::doctor
