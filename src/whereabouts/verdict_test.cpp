#include "whereabouts/verdict.hpp"

#include <gtest/gtest.h>

namespace locksmith::whereabouts {
namespace {

using std::chrono::hours;
const base::Time now{std::chrono::seconds(2'000'000'000)};

Place file(std::string path, std::string value, hours ago = hours(1)) {
  Place place;
  place.name = "KEY";
  place.path = std::move(path);
  place.line = 3;
  place.value = base::Secret(std::move(value));
  place.since = now - ago;
  return place;
}
Place process(std::string value, hours ago) {
  Place place = file("", std::move(value), ago);
  place.consumer = Consumer::process;
  place.pid = 4121;
  place.program = "node server.js";
  return place;
}
Place shell(std::string value) {
  Place place = file("", std::move(value));
  place.consumer = Consumer::shell;
  place.since.reset();
  place.holds = place.value.empty() ? Holds::nothing : Holds::value;
  return place;
}
std::string mark(const std::string& value) { return mark_of(base::Secret(value)); }

TEST(Verdict, ProcessesThatAreOlderThanTheFile) {
  const Verdict found = verdict({process("old", hours(72)), file(".env", "new", hours(30))}, now);
  EXPECT_EQ(found.outcome, Outcome::disagree);
  EXPECT_EQ(found.text, "process 4121 (node server.js, up 3 days) still has " + mark("old") +
                            "; .env, line 3 has had " + mark("new") +
                            " since yesterday: restart it");
  EXPECT_TRUE(verdict({process("old", hours(72)), process("older", hours(80)),
                       file(".env", "new", hours(2))},
                      now)
                  .text.ends_with("still have other values; .env, line 3 has had " + mark("new") +
                                  " for 2 hours: restart them"));
}

TEST(Verdict, AProcessThatIsNewerIsNotStale) {
  const Verdict found = verdict({process("other", hours(1)), file(".env", "new", hours(30))}, now);
  EXPECT_EQ(found.outcome, Outcome::disagree);
  EXPECT_TRUE(found.text.starts_with("2 values in 2 places: ")) << found.text;
}

Place of(std::string environment, std::string value) {
  Place place = file(".env." + environment, std::move(value));
  place.environment = std::move(environment);
  if (place.value.empty()) place.holds = Holds::nothing;
  return place;
}

TEST(Verdict, AnotherEnvironmentMayDiffer) {
  const Verdict found = verdict({file(".env", "k"), of("production", "p")}, now);
  EXPECT_EQ(found.outcome, Outcome::agree);
  EXPECT_EQ(found.text, ".env, line 3 has it: " + mark("k") +
                            "; .env.production, line 3 has another, for another environment");
  EXPECT_EQ(verdict({file(".env", "k"), of("production", "k")}, now).text,
            "all 2 places have the same value: " + mark("k"));
  EXPECT_EQ(verdict({of("production", "p"), of("staging", "s")}, now).outcome, Outcome::agree);
  EXPECT_EQ(verdict({of("production", "p"), of("staging", "p")}, now).text,
            "all 2 places have the same value: " + mark("p"));
  // Not within one environment.
  EXPECT_EQ(verdict({file(".env", "k"), file("a/.env", "l"), of("production", "p")}, now).outcome,
            Outcome::disagree);
  Place empty = file(".env", "");
  empty.holds = Holds::nothing;
  EXPECT_EQ(verdict({empty, of("production", "p")}, now).text,
            ".env, line 3 sets it to nothing; .env.production, line 3 has a value");
  // The one that does, not the first that is there.
  Place reference = file(".env", "");
  reference.holds = Holds::reference;
  empty.path = "compose.yml";
  EXPECT_EQ(verdict({reference, empty, of("production", "p"), of("staging", "s")}, now).text,
            "compose.yml, line 3 sets it to nothing; .env.production, line 3 and .env.staging, "
            "line 3 have a value");
  EXPECT_EQ(verdict({of("production", "p"), of("staging", "")}, now).text,
            ".env.production, line 3 has it: " + mark("p"));
}

TEST(Verdict, DevelopmentsFileIsForProgramsThatAreStartedHere) {
  Place web = of("development", "w");
  web.path = "web/.env.development";
  EXPECT_EQ(verdict({file("api/.env", "a"), web}, now).outcome, Outcome::disagree);
  EXPECT_EQ(verdict({file("web/.env", "a"), web}, now).outcome, Outcome::agree);
  EXPECT_EQ(verdict({web, of("production", "p")}, now).text,
            "web/.env.development, line 3 has it: " + mark("w") +
                "; .env.production, line 3 has another, for another environment");
}

TEST(Verdict, AProcessOfAnotherEnvironmentIsNotStale) {
  const Place old = process("p", hours(72));
  EXPECT_EQ(verdict({old, file(".env", "k"), of("production", "p")}, now).outcome, Outcome::agree);
  EXPECT_TRUE(
      verdict({old, file(".env", "k"), of("production", "q")}, now).text.ends_with("restart it"));
  // The only file, or development's where no other is for programs that are started here.
  EXPECT_TRUE(verdict({old, of("production", "q")}, now).text.ends_with("restart it"));
  EXPECT_TRUE(verdict({old, of("development", "k"), of("production", "q")}, now)
                  .text.ends_with("restart it"));
}

TEST(Verdict, AManifestWithAnotherEnvironmentsKeyIsOfThatEnvironment) {
  Place manifest = file("k8s/secret.yaml", "p");
  manifest.consumer = Consumer::kubernetes;
  const Places all{file(".env", "k"), of("production", "p"), manifest};
  EXPECT_EQ(verdict(all, now).text,
            ".env, line 3 has it: " + mark("k") +
                "; .env.production, line 3 and k8s/secret.yaml, line 3 have "
                "another, for another environment");
  manifest.value = base::Secret("q");
  EXPECT_EQ(verdict({file(".env", "k"), of("production", "p"), manifest}, now).outcome,
            Outcome::disagree);
}

TEST(Verdict, ALineFeedBehindIt) {
  EXPECT_EQ(verdict({file(".env", "k"), file("s.yaml", "k\n")}, now).text,
            "s.yaml, line 3 has what .env, line 3 has, and a line feed behind it: take that off");
  EXPECT_TRUE(verdict({file(".env", "k"), of("production", "p"), file("s.yaml", " p")}, now)
                  .text.ends_with("and white space around it: take that off"));
  Place env = file(".env", "k");
  env.other_readings = {{"a shell", base::Secret("k\r"), "a carriage return at the end"}};
  Place shelled = process("k\r", hours(0));
  shelled.path.clear();
  EXPECT_TRUE(verdict({shelled, env}, now).text.contains("has what a shell makes of .env"));
}

TEST(Verdict, AnExampleIsNoPlace) {
  EXPECT_EQ(verdict({file(".env", "k"), of("example", "x")}, now).text,
            ".env, line 3 has it: " + mark("k"));
  EXPECT_EQ(verdict({of("example", "x")}, now).text,
            "no place on this machine sets it; .env.example, line 3 names it");
  EXPECT_EQ(tick(of("example", "x"), base::Secret("new")), Tick::elsewhere);
}

TEST(Verdict, AShellThatHasAnotherEnvironmentsKey) {
  EXPECT_TRUE(verdict({shell("p"), file(".env", "k"), of("production", "p")}, now)
                  .text.contains(", that of .env.production, line 3, which wins over .env"));
}

TEST(Verdict, AFileOfTwoConsumersIsOnePlace) {
  Place again = file(".env", "k");
  again.consumer = Consumer::compose;
  EXPECT_EQ(verdict({file(".env", "k"), again}, now).text, ".env, line 3 has it: " + mark("k"));
}

TEST(Verdict, Agreement) {
  EXPECT_EQ(verdict({process("k", hours(9)), file(".env", "k")}, now).text,
            "all 2 places have the same value: " + mark("k"));
  EXPECT_EQ(verdict({file(".env", "k")}, now).outcome, Outcome::agree);
}

TEST(Verdict, TheShellWins) {
  const Verdict found = verdict({shell("a"), file(".env", "b")}, now);
  EXPECT_EQ(found.outcome, Outcome::disagree);
  EXPECT_TRUE(found.text.starts_with("this shell has " + mark("a") + ", which wins over .env"));
  EXPECT_TRUE(verdict({shell(""), file(".env", "b")}, now).text.contains("set to nothing"));
}

TEST(Verdict, AMisreadLine) {
  Place env = file(".env", "k", hours(30));
  env.other_readings = {{"docker --env-file", base::Secret("'k'"), "quotes are kept"}};
  const Verdict found = verdict({process("'k'", hours(1)), env}, now);
  EXPECT_EQ(found.outcome, Outcome::disagree);
  EXPECT_TRUE(found.text.contains("docker --env-file makes of .env, line 3: quotes are kept"));
}

TEST(Verdict, NothingThere) {
  EXPECT_EQ(verdict({}, now).outcome, Outcome::not_found);
  Place used = file("ci.yml", "");
  used.holds = Holds::reference;
  EXPECT_EQ(verdict({used}, now).text,
            "it is used in ci.yml, line 3, and no place on this machine sets it");
}

TEST(Verdict, Ticks) {
  const base::Secret replacement("new");
  EXPECT_EQ(tick(file(".env", "new"), replacement), Tick::done);
  EXPECT_EQ(tick(file(".env", "old"), replacement), Tick::open);
  Place used = file("ci.yml", "");
  used.holds = Holds::reference;
  EXPECT_EQ(tick(used, replacement), Tick::elsewhere);
  used.holds = Holds::unknown;
  EXPECT_EQ(tick(used, replacement), Tick::open);
}

TEST(Verdict, NoValueIsShown) {
  const std::string secret = "Zx9Qw7Vt5Rp3";
  const Verdict found = verdict({process(secret, hours(9)), file(".env", secret + "1")}, now);
  EXPECT_FALSE(found.text.contains(secret.substr(0, 6))) << found.text;
}

}  // namespace
}  // namespace locksmith::whereabouts
