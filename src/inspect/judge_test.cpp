// An example is a test: it must fail where its file, or the rest of the catalogue, is wrong.
#include "inspect/judge.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace locksmith::inspect {
namespace {

using catalogue::Files;
using catalogue::Problems;

const std::filesystem::path fixture =
    std::filesystem::path(LOCKSMITH_SOURCE_DIR) / "tests/catalogue_fixture";

// A file that teaches bank.example, with one example that expects what `expects` says.
std::string bank(std::string_view host, std::string_view expects) {
  return "name = \"Bank\"\nhosts = [\"bank.example\"]\n"
         "[[placement]]\nin = \"header\"\nname = \"x-key\"\n"
         "[[refusal]]\nstatus = 401\nbody = \"too old\"\ncause = \"expired\"\nsource = "
         "\"unsourced\"\n"
         "[[example]]\nname = \"old\"\nsource = \"unsourced\"\n"
         "request = \"\"\"\nGET https://" +
         std::string(host) +
         "/\nx-key: abcdefghijkl0123\n\"\"\"\n"
         "response = \"\"\"\n401\n\n{\"oops\":\"too old\"}\n\"\"\"\n" +
         std::string(expects) + "\n";
}

Problems faults_of(std::string_view text) {
  const auto base = Files::read(fixture);
  auto files = base ? Files::read_provider(text, "bank", base->catalogue()) : Files::read(fixture);
  if (!files) return files.error();
  return faults(files->examples()[0], files->over(base->catalogue()));
}

TEST(Judge, AnExampleThatHoldsHasNoFault) {
  EXPECT_TRUE(faults_of(bank("bank.example", "expect = \"expired\"")).empty());
  EXPECT_TRUE(faults_of(bank("bank.example", "expect_not = \"unknown-key\"")).empty());
}

TEST(Judge, SaysWhatTheDiagnosisIsInstead) {
  const Problems wrong = faults_of(bank("bank.example", "expect = \"unknown-key\""));
  ASSERT_EQ(wrong.size(), 1u);
  EXPECT_EQ(wrong[0].line, 11);
  EXPECT_TRUE(wrong[0].message.starts_with("example \"old\": the diagnosis is expired "));
  EXPECT_TRUE(wrong[0].message.ends_with(", not unknown-key"));
}

TEST(Judge, SaysThatWhatMustNotComeFirstDoes) {
  const Problems wrong = faults_of(bank("bank.example", "expect_not = \"expired\""));
  ASSERT_EQ(wrong.size(), 1u);
  EXPECT_EQ(wrong[0].hint, "`expect_not` rules out expired");
}

TEST(Judge, SaysWhoseRequestItReallyIs) {
  const Problems taken = faults_of(bank("api.acme.example", "expect_not = \"unknown-key\""));
  ASSERT_FALSE(taken.empty());
  EXPECT_EQ(taken[0].message, "example \"old\": it is taken for Acme");
  const Problems nobody = faults_of(bank("nowhere.example", "expect_not = \"unknown-key\""));
  ASSERT_FALSE(nobody.empty());
  EXPECT_EQ(nobody[0].message, "example \"old\": its request and its answer lead to no provider");
}

}  // namespace
}  // namespace locksmith::inspect
