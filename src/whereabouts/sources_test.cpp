// Each kind of file, with what it gives to the names that are looked for.
#include "whereabouts/sources.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.hpp"

namespace locksmith::whereabouts {
namespace {

const Names names({"API_KEY", "OTHER_KEY"});

// "API_KEY=value@line"; "→" for a reference, "?" for what only running would tell.
std::string shown(const FileRead& read) {
  std::string out;
  for (const Place& place : read.places) {
    if (!out.empty()) out += " ";
    out += place.name + "=";
    out += place.holds == Holds::reference ? "→"
           : place.holds == Holds::unknown ? "?"
                                           : place.value.reveal();
    out += "@" + std::to_string(place.line);
  }
  return out;
}

FileRead read_as(std::string_view path, std::string_view text) {
  const auto source = source_of(path);
  EXPECT_TRUE(source) << path;
  return read_file(source.value_or(Source::structured), {std::string(path), text, {}, 0}, names);
}
std::string read(std::string_view path, std::string_view text) {
  return shown(read_as(path, text));
}
std::string read(Source source, std::string_view text) {
  return shown(read_file(source, {"file", text, {}, 0}, names));
}
// "path VARIABLE (who)" of each file that is named.
std::string further(const FileRead& read) {
  std::string out;
  for (const Further& one : read.further) {
    out += (out.empty() ? "" : " ") + one.path + (one.variable.empty() ? "" : " ") + one.variable +
           " (" + one.who + ")";
  }
  return out;
}
bool notes(const FileRead& read, std::string_view note) {
  return std::ranges::any_of(read.places.at(0).notes,
                             [&](const std::string& one) { return one.contains(note); });
}

TEST(Sources, FilesAreToldByTheirPath) {
  EXPECT_EQ(source_of("/a/.env.local"), Source::dotenv);
  EXPECT_EQ(source_of("prod.env"), Source::dotenv);
  EXPECT_EQ(source_of("/a/.envrc"), Source::envrc);
  EXPECT_EQ(source_of("docker-compose.prod.yaml"), Source::compose);
  EXPECT_EQ(source_of("/a/.github/workflows/x.yml"), Source::ci);
  EXPECT_EQ(source_of("Jenkinsfile"), Source::ci);
  EXPECT_EQ(source_of("/a/.idea/runConfigurations/x.xml"), Source::ide_xml);
  EXPECT_EQ(source_of("ecosystem.config.cjs"), Source::javascript);
  EXPECT_EQ(source_of(".env.example"), Source::dotenv);
  EXPECT_EQ(source_of("compose.yml.example"), std::nullopt);
  EXPECT_EQ(source_of("main.cpp"), std::nullopt);
}

TEST(Sources, ADotenvFileAsItsReadersReadIt) {
  const FileRead quoted = read_as(".env", "A=1\nAPI_KEY='k'\n");
  EXPECT_EQ(shown(quoted), "API_KEY=k@2");
  EXPECT_TRUE(notes(quoted, "docker --env-file: quotes are kept"));
  ASSERT_EQ(quoted.places[0].other_readings.size(), 1u);
  EXPECT_EQ(quoted.places[0].other_readings[0].value.reveal(), "'k'");
  const FileRead cut = read_as(".env", "API_KEY=k#1");  // Node alone cuts there
  EXPECT_EQ(shown(cut), "API_KEY=k#1@1");
  EXPECT_EQ(cut.places[0].notes,
            std::vector<std::string>{"Node dotenv: cut off at a # in the value"});
  EXPECT_EQ(read(".env", "# API_KEY=k"), "");
  EXPECT_EQ(read(".env", "API_KEY=\n"), "API_KEY=@1");
  EXPECT_EQ(read(".env", "MY_API_KEY=k\nAPI_KEY2=k"), "");
}

TEST(Sources, TheMostSpecificDotenvFileWins) {
  const auto rank = [](std::string_view path) {
    return read_as(path, "API_KEY=k").places.at(0).rank;
  };
  EXPECT_LT(rank(".env.production.local"), rank(".env.local"));
  EXPECT_LT(rank(".env.local"), rank(".env.production"));
  EXPECT_LT(rank(".env.production"), rank(".env"));
}

TEST(Sources, Shells) {
  EXPECT_EQ(read(Source::shell, "export API_KEY=k\n"), "API_KEY=k@1");
  EXPECT_EQ(read(Source::shell, "export API_KEY=$(pass x)\n"), "API_KEY=?@1");
  EXPECT_EQ(read(Source::shell, "curl -H \"X: $API_KEY\"\n# API_KEY\n"), "API_KEY=→@1");
  EXPECT_EQ(read(Source::fish, "set -gx API_KEY 'k'\nset -gx OTHER_KEY (pass x)\n"),
            "API_KEY=k@1 OTHER_KEY=?@2");
  EXPECT_EQ(read(Source::fish, "SETUVAR --export API_KEY:k\n"), "API_KEY=k@1");
  EXPECT_EQ(read(Source::pam, "API_KEY=\"k\"\n"), "API_KEY=k@1");
}

TEST(Sources, SystemdUnits) {
  EXPECT_EQ(read("a.service", "[Service]\nEnvironment=\"API_KEY=k l\" OTHER_KEY=m\n"),
            "API_KEY=k l@2 OTHER_KEY=m@2");
  EXPECT_EQ(read("a.service", "Environment=A=1 \\\n  API_KEY=k\n"), "API_KEY=k@1");
  EXPECT_EQ(read("a.service", "Environment=API_KEY=k\nEnvironment=\n"), "API_KEY=→@1");
  EXPECT_EQ(read("a.service", "PassEnvironment=API_KEY\n"), "API_KEY=→@1");
  EXPECT_EQ(read("a.service", "LoadCredential=api-key:/etc/k\n"), "API_KEY=→@1");
  EXPECT_EQ(further(read_as("a.service", "EnvironmentFile=-/etc/a.env\n")),
            "/etc/a.env (EnvironmentFile= of a.service)");
  EXPECT_EQ(further(read_as("/etc/a.service.d/x.conf.service", "LoadCredential=api-key:k\n")),
            "/etc/credstore/k API_KEY (LoadCredential=api-key of a.service)");
  EXPECT_EQ(further(read_as("a.service", "LoadCredentialEncrypted=api-key:/etc/k\n")), "");
  EXPECT_EQ(read("a.service", "SetCredential=api-key:k l\n"), "API_KEY=k l@1");
  EXPECT_EQ(read("a.service", "SetCredentialEncrypted=api-key:k\n"), "API_KEY=→@1");
  EXPECT_EQ(read(Source::unit_file, "API_KEY='k'\n"), "API_KEY=k@1");
}

TEST(Sources, Cron) {
  EXPECT_EQ(read(Source::crontab, "API_KEY = \"k\"\n* * * * * OTHER_KEY=m run\n"),
            "API_KEY=k@1 OTHER_KEY=m@2");
  EXPECT_EQ(read(Source::crontab, "* * * * * run $API_KEY\n"), "API_KEY=→@1");
}

TEST(Sources, Supervisors) {
  EXPECT_EQ(read("supervisord.conf", "[program:a]\nenvironment=A=\"1\",API_KEY=\"k,l\"\n"),
            "API_KEY=k,l@2");
  EXPECT_EQ(read("supervisord.conf", "environment=\n  A=1,\n  API_KEY=\"k\"\ncommand=x\n"),
            "API_KEY=k@1");
  EXPECT_EQ(read("dump.pm2", R"([{"env":{"API_KEY":"k"}}])"), "API_KEY=k@1");
  EXPECT_EQ(read("ecosystem.config.js", "module.exports = {env: {\n  API_KEY: 'k',\n}}"),
            "API_KEY=k@2");
  EXPECT_EQ(read("ecosystem.config.js", "a(process.env.API_KEY)"), "API_KEY=→@1");
}

TEST(Sources, Dockerfiles) {
  const FileRead image = read_as("Dockerfile", "FROM x\nENV A=1 API_KEY=\"k\"\n");
  EXPECT_EQ(shown(image), "API_KEY=k@2");
  EXPECT_TRUE(notes(image, "stays in the image's layers"));
  EXPECT_EQ(read("Dockerfile", "ENV API_KEY k l\n"), "API_KEY=k l@1");
  EXPECT_EQ(read("Dockerfile", "ARG API_KEY\nARG OTHER_KEY=m\n"), "API_KEY=→@1 OTHER_KEY=m@2");
}

TEST(Sources, Compose) {
  EXPECT_EQ(read("compose.yml", "services:\n  a:\n    environment:\n      API_KEY: k\n"),
            "API_KEY=k@4");
  EXPECT_EQ(read("compose.yml", "services:\n  a:\n    environment:\n      - API_KEY=k\n"),
            "API_KEY=k@4");
  EXPECT_EQ(read("compose.yml", "services:\n  a:\n    environment:\n      - API_KEY\n"),
            "API_KEY=→@4");
  EXPECT_TRUE(notes(read_as("compose.yml", "services:\n  a:\n    environment:\n      - API_KEY\n"),
                    "is passed on"));
  EXPECT_EQ(read("compose.yml", "services:\n  a:\n    build:\n      args:\n        API_KEY: k\n"),
            "API_KEY=k@5");
  const FileRead broken = read_as("compose.yml", "{{ if }}\na: [API_KEY\n");
  EXPECT_EQ(shown(broken), "API_KEY=→@2");
  EXPECT_FALSE(broken.problem.empty());
}

TEST(Sources, ComposeNamesFiles) {
  const auto of = [](const std::string& rest) {
    return further(read_as("compose.yml", "services:\n  a.b:\n    env_file: " + rest));
  };
  EXPECT_EQ(of("x.env\n"), "x.env (env_file of a.b in compose.yml)");
  EXPECT_EQ(of("[x.env, y.env]\n"),
            "x.env (env_file of a.b in compose.yml) y.env (env_file of a.b in compose.yml)");
  EXPECT_EQ(of("\n    - path: x.env\n      required: false\n      format: raw\n"),
            "x.env (env_file of a.b in compose.yml)");
  EXPECT_EQ(of("${F:-x.env}\n  c:\n    env_file: x.env\n"),
            "x.env (env_file of a.b, c in compose.yml)");
  EXPECT_EQ(of("${F}\n"), "");
  EXPECT_LT(read_as("compose.yml", "services: {a: {env_file: [x, y]}}").further.at(1).rank,
            read_as("compose.yml", "services: {a: {env_file: [x, y]}}").further.at(0).rank);

  const FileRead both = read_as("compose.yml",
                                "services:\n  a:\n    env_file: x.env\n    environment:\n      - "
                                "API_KEY=k\n  b:\n    env_file: x.env\n");
  EXPECT_EQ(both.further.at(0).notes.at("API_KEY"), "environment: of a wins over it");
  EXPECT_GT(both.further.at(0).rank, 0);

  const FileRead secrets = read_as(
      "compose.yml", "secrets:\n  api_key:\n    file: ./k.txt\n  b:\n    environment: OTHER_KEY\n");
  EXPECT_EQ(shown(secrets), "API_KEY=→@3 OTHER_KEY=→@5");
  EXPECT_EQ(further(secrets), "./k.txt API_KEY (the secret api_key of compose.yml)");
}

TEST(Sources, FilesThatOthersName) {
  const auto of = [](const Further& one, std::string_view text) {
    return shown(read_further(one, {"x", text, {}, 0}, names));
  };
  EXPECT_EQ(of({.consumer = Consumer::compose, .who = "w"}, "A=1\nAPI_KEY=\"k\"\nAPI_KEY2=l\n"),
            "API_KEY=k@2");
  EXPECT_EQ(of({.consumer = Consumer::compose, .who = "w"}, "API_KEY=${X}\n"), "API_KEY=?@1");
  const Further whole{.consumer = Consumer::systemd, .variable = "API_KEY", .who = "w"};
  EXPECT_EQ(of(whole, "k"), "API_KEY=k@0");
  EXPECT_EQ(of(whole, "k\n"), "API_KEY=k@0");
  EXPECT_TRUE(notes(read_further(whole, {"x", "k\n", {}, 0}, names), "ends in a line feed"));
}

// The default of ${NAME:-default} may be a key.
TEST(Sources, AReferenceShowsNoDefault) {
  const FileRead read =
      read_as("compose.yml", "services:\n  a:\n    environment:\n      API_KEY: ${K:-secret}\n");
  EXPECT_EQ(shown(read), "API_KEY=→@4");
  EXPECT_EQ(read.places[0].notes, std::vector<std::string>{"takes it from $K"});
}

TEST(Sources, ADefaultThatIsAKeyIsACopy) {
  const std::string key = std::string("Zx9Qw7Vt") + "5Rp3Ks1MnB";
  EXPECT_EQ(
      read("compose.yml", "services:\n  a:\n    environment:\n      API_KEY: ${K:-" + key + "}\n"),
      "API_KEY=→@4 API_KEY=" + key + "@4");
  EXPECT_EQ(
      read("compose.yml", "services:\n  a:\n    environment:\n      API_KEY: ${K:?" + key + "}\n"),
      "API_KEY=→@4");
}

TEST(Sources, Kustomizations) {
  const FileRead read = read_as("k8s/kustomization.yaml",
                                "secretGenerator:\n- name: s\n  envs: [a.env]\n  literals:\n  - "
                                "API_KEY=k\n");
  EXPECT_EQ(shown(read), "API_KEY=k@5");
  EXPECT_EQ(further(read), "a.env (is read by k8s/kustomization.yaml)");
}

TEST(Sources, KubernetesManifests) {
  const std::string secret = "apiVersion: v1\nkind: Secret\ndata:\n  API_KEY: ";
  EXPECT_EQ(read("s.yaml", secret + base::base64_encode("k") + "\n"), "API_KEY=k@4");
  EXPECT_TRUE(
      notes(read_as("s.yaml", secret + base::base64_encode("k\n") + "\n"), "ends in a line feed"));
  EXPECT_TRUE(notes(read_as("s.yaml", secret + "not base64!\n"), "is not base64"));
  EXPECT_EQ(read("s.yaml", "a: b\n---\napiVersion: v1\nkind: Secret\nstringData:\n  api-key: k\n"),
            "API_KEY=k@6");
  EXPECT_EQ(
      read("s.yaml", "apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  data:\n    API_KEY: " +
                         base::base64_encode("k") + "\n"),
      "API_KEY=k@6");
  EXPECT_EQ(read("s.yaml", secret + "eA==\nstringData:\n  API_KEY: k\n"), "API_KEY=k@6");
  EXPECT_EQ(read("s.yaml",
                 "apiVersion: v1\nkind: SealedSecret\nspec:\n  encryptedData:\n    "
                 "API_KEY: Ag==\n"),
            "API_KEY=?@5");
  const std::string pod =
      "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - env:\n    - name: "
      "API_KEY\n      ";
  EXPECT_EQ(read("s.yaml", pod + "value: k\n"), "API_KEY=k@7");
  EXPECT_EQ(read("s.yaml", pod + "valueFrom:\n        secretKeyRef:\n          name: s\n"),
            "API_KEY=→@6");
}

TEST(Sources, ContinuousIntegration) {
  const FileRead workflow =
      read_as(".github/workflows/a.yml", "env:\n  API_KEY: ${{ secrets.API_KEY }}\n");
  EXPECT_EQ(shown(workflow), "API_KEY=→@2");
  EXPECT_TRUE(notes(workflow, "secret of the CI"));
  EXPECT_EQ(read(".gitlab-ci.yml", "variables:\n  API_KEY: k\n"), "API_KEY=k@2");
  EXPECT_EQ(read_as(".gitlab-ci.yml", "variables:\n  API_KEY: k\n").places[0].environment, "ci");
  EXPECT_EQ(read("Jenkinsfile", "withCredentials([string(variable: 'API_KEY')]) {}"),
            "API_KEY=→@1");
}

TEST(Sources, EditorsFrameworksAndClients) {
  EXPECT_EQ(read("/a/.vscode/launch.json", R"({"configurations":[{"env":{"API_KEY":"k"}}]})"),
            "API_KEY=k@1");
  EXPECT_EQ(read("a.run.xml", "<envs>\n<env name=\"API_KEY\" value=\"a&amp;b\" /></envs>"),
            "API_KEY=a&b@2");
  EXPECT_EQ(read("application.properties", "my.api-key=k\napi.key=l\nkey=m\n"),
            "API_KEY=k@1 API_KEY=l@2");
  EXPECT_EQ(read("/a/config/x.yml", "api:\n  key: k\n"), "API_KEY=k@2");
  EXPECT_EQ(read("prod.tfvars", "# x\napi_key = \"k\"\n"), "API_KEY=k@2");
  EXPECT_EQ(read("/a/config/default.json", R"({"api": {"key": "k"}})"), "API_KEY=k@1");
  const FileRead aws =
      read_file(Source::client,
                {"/h/.aws/config", "[default]\napi_key=k\n[profile p]\napi_key=l\n", {}, 0}, names);
  EXPECT_EQ(shown(aws), "API_KEY=k@2 API_KEY=l@4");
  EXPECT_EQ(aws.places[0].environment, "");
  EXPECT_EQ(aws.places[1].environment, "p");
  EXPECT_EQ(read(".npmrc", "//r.test/:_authToken=${API_KEY}\n"), "API_KEY=→@1");
}

TEST(Sources, Names) {
  EXPECT_EQ(names.of_path("a.b.API_KEY"), "API_KEY");
  EXPECT_EQ(names.of_path("api.key"), "API_KEY");
  EXPECT_EQ(names.of_path("default.api_key"), "API_KEY");
  EXPECT_EQ(names.of_path("a.key"), "");
  EXPECT_EQ(find_word("MY_API_KEY API_KEYS API_KEY", "API_KEY"), 20u);
  EXPECT_EQ(split_words("a 'b c' \"d\\\"e\" f\\ g"),
            (std::vector<std::string>{"a", "b c", "d\"e", "f g"}));
}

}  // namespace
}  // namespace locksmith::whereabouts
