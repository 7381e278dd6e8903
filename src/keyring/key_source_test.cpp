// Each source, and what each says when it cannot give a key.
#include "keyring/key_source.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/test_folder.hpp"
#include "base/text.hpp"

namespace locksmith::keyring {
namespace {

namespace fs = std::filesystem;

// A folder with files and programs of the test; it stands in front of PATH.
class KeySource : public testing::Test {
 protected:
  KeySource() : path_before_(::getenv("PATH")) {
    ::setenv("PATH", (folder_ + ":/usr/bin:/bin").c_str(), 1);
  }
  ~KeySource() override { ::setenv("PATH", path_before_.c_str(), 1); }

  std::string file(const std::string& name, std::string_view text) {
    return test_folder_.write(name, text);
  }
  // A script that prints its arguments, one a line, to `arguments`, and then does as told.
  void program(const std::string& name, std::string_view body) {
    const std::string path = file(name, "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\" > \"" + folder_ +
                                            "/arguments\"\n" + std::string(body) + "\n");
    ::chmod(path.c_str(), 0700);
  }
  std::string arguments() const {
    std::ifstream in(folder_ + "/arguments");
    std::string all, line;
    std::getline(in, line);
    while (std::getline(in, line)) all += (all.empty() ? "" : " ") + line;
    return all;
  }

  // "value @ where (note, …)", or "error: … | hint"; the folder's name is left out.
  std::string find(const std::string& source) {
    const auto key = find_key(source);
    std::string out;
    if (key) {
      out = key->value.reveal() + " @ " + key->where;
      for (const std::string& note : key->notes) out += " (" + note + ")";
    } else {
      out = "error: " + key.error().message + " | " + key.error().hint;
    }
    for (std::size_t at; (at = out.find(folder_ + "/")) != std::string::npos;)
      out.erase(at, folder_.size() + 1);
    return out;
  }
  std::string in(const std::string& name, const std::string& setting = {}) {
    return find("file:" + folder_ + "/" + name + (setting.empty() ? "" : "#" + setting));
  }

  const base::TestFolder test_folder_;
  const std::string folder_ = test_folder_.path();
  const std::string path_before_;
};

TEST_F(KeySource, AVariable) {
  ::setenv("KEYRING_TEST_KEY", "abc", 1);
  ::setenv("KEYRING_TEST_EMPTY", "", 1);
  EXPECT_EQ(find("env:KEYRING_TEST_KEY"), "abc @ the variable KEYRING_TEST_KEY");
  EXPECT_EQ(find("env:KEYRING_TEST_KYE"),
            "error: the variable KEYRING_TEST_KYE is not set | did you mean env:KEYRING_TEST_KEY?");
  EXPECT_EQ(find("env:KEYRING_TEST_EMPTY"), "error: the variable KEYRING_TEST_EMPTY is empty | ");
  EXPECT_EQ(find("env:"), "error: \"env:\" names no key | it is written env:NAME");
  EXPECT_EQ(
      find("KEYRING_TEST_KEY"),
      "error: KEYRING_TEST_KEY is the name of a variable | env:KEYRING_TEST_KEY takes its value");
}

TEST_F(KeySource, AKeyInPlaceOfAName) {
  const std::string key = std::string("gh") + "p_" + "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5";
  for (const std::string& source : {"env:" + key, "file:" + key, "file:.env#" + key}) {
    EXPECT_EQ(find(source).substr(0, 42), "error: a key stands where its name belongs")
        << source[0];
  }
}

TEST_F(KeySource, TheKeyItself) {
  const auto key = find_key("abc def");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->value.reveal(), "abc def");
  EXPECT_TRUE(key->in_arguments);
  file("key", "abc");
  EXPECT_EQ(find(folder_ + "/key"),
            "error: key is a file | file:key takes the key in it, file:key#NAME one of several");
}

TEST_F(KeySource, ASettingOfAFile) {
  file(".env", "A=1\nKEY=old\nKEY=new\nEMPTY=\n");
  file("config.json",
       "{\n\"db\": {\"password\": \"p\"}, \"web\": {\"password\": \"q\"},\n\"one\": {\"token\": "
       "\"t\\n\"}}");
  file("compose.yml", "services:\n  web:\n    environment:\n      - KEY=v\n");
  EXPECT_EQ(in(".env", "A"), "1 @ .env, line 1");
  EXPECT_EQ(in(".env", "KEY"),
            "new @ .env, line 3 (it is defined 2 times, with different values; the last counts)");
  EXPECT_EQ(in(".env", "KEYS"), "error: .env does not define KEYS | did you mean KEY?");
  EXPECT_EQ(in(".env", "key"), "error: .env does not define key | did you mean KEY?");
  EXPECT_EQ(in(".env", "UNRELATED"),
            "error: .env does not define UNRELATED | it holds A, EMPTY, KEY");
  EXPECT_EQ(in(".env", "EMPTY"), "error: EMPTY in .env, line 4 is empty | ");
  EXPECT_EQ(in("config.json", "db.password"), "p @ config.json, line 2");
  EXPECT_EQ(in("config.json", "password"),
            "error: config.json defines password 2 times | say which: db.password, web.password");
  EXPECT_EQ(in("config.json", "token"), "t\n @ config.json, line 3 (a line feed at the end)");
  EXPECT_EQ(in("compose.yml", "KEY"), "v @ compose.yml, line 4");
  file(".npmrc", "//r.test/:_authToken=n\n");
  EXPECT_EQ(in(".npmrc", "_authToken"), "n @ .npmrc, line 1");
}

// What a pod gets: `data` is base64, with the line feed that `echo` put before it.
TEST_F(KeySource, AKubernetesManifest) {
  const std::string head = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: api\n";
  const std::string key = base::base64_encode("abc\n");
  file("s.yaml",
       head + "data:\n  KEY: " + key + "\n  OTHER: abc!\nstringData:\n  PLAIN: " + key + "\n");
  EXPECT_EQ(in("s.yaml", "KEY"), "abc\n @ s.yaml, line 6 (ends in a line feed once it is decoded)");
  EXPECT_EQ(in("s.yaml", "OTHER"), "abc! @ s.yaml, line 7 (is not base64, as `data` must be)");
  EXPECT_EQ(in("s.yaml", "PLAIN"), key + " @ s.yaml, line 9");
  file("two.yaml", head + "data: {KEY: " + key + "}\n---\n" + head + "stringData: {OTHER: x}\n");
  EXPECT_EQ(in("two.yaml", "KEY"),
            "abc\n @ two.yaml, line 5 (ends in a line feed once it is decoded)");
  EXPECT_EQ(in("two.yaml", "OTHER"), "x @ two.yaml, line 11");
  file("map.yaml", head + "data: {KEY: " + key + "}\n---\napiVersion: v1\nkind: ConfigMap\n" +
                       "metadata: {name: m}\ndata: {KEY: x}\n");
  EXPECT_EQ(in("map.yaml", "KEY"),
            "error: map.yaml defines KEY 2 times | say which: ConfigMap.m.data.KEY, "
            "Secret.api.data.KEY");
  EXPECT_EQ(in("map.yaml", "ConfigMap.m.data.KEY"), "x @ map.yaml, line 10");
  file("pod.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  env:\n  - name: KEY\n    value: x\n");
  EXPECT_EQ(in("pod.yaml", "KEY"), "x @ pod.yaml, line 6");
}

TEST_F(KeySource, AValueThatIsFilledInElsewhere) {
  file(".env", "KEY=${OTHER}\nSAME=$KEY\nPART=sk-${OTHER}\nDOLLAR=a$b\n");
  file("run.sh", "export KEY=$(pass show api)\n");
  file("ci.yml", "env:\n  KEY: ${{ secrets.KEY }}\n  ENC: ENC[AES256_GCM,data:x]\n");
  file("one.json", R"({"KEY": "${OTHER:-abc}"})");
  EXPECT_EQ(
      in(".env", "KEY"),
      "error: KEY in .env, line 1 takes its value from $OTHER | name that instead: env:OTHER");
  EXPECT_EQ(in(".env", "SAME"),
            "error: SAME in .env, line 2 takes its value from $KEY | name that instead: "
            "file:.env#KEY");
  EXPECT_EQ(in(".env", "PART").substr(0, 49), "error: PART in .env, line 3 takes a part from $OT");
  EXPECT_EQ(in(".env", "DOLLAR"), "a$b @ .env, line 4");
  EXPECT_EQ(
      in("run.sh", "KEY"),
      "error: KEY in run.sh, line 1: only running it would tell the value | name a place that "
      "has the value itself, for example env:NAME or stdin");
  EXPECT_EQ(in("ci.yml", "KEY").substr(0, 67),
            "error: env.KEY in ci.yml, line 2 takes its value from secrets.KEY |");
  EXPECT_EQ(in("ci.yml", "ENC").substr(0, 54),
            "error: env.ENC in ci.yml, line 3 is encrypted by SOPS ");
  EXPECT_EQ(in("one.json"),
            "error: KEY in one.json, line 1 takes its value from $OTHER | name that instead: "
            "env:OTHER");
}

TEST_F(KeySource, AFileThatHoldsNothingElse) {
  file("key", "abc=\r\n");
  file("two", "abc\ndef\n");
  file("blank", " \n");
  file("one.env", "KEY=abc\n");
  file("two.env", "KEY=abc\nB=d\n");
  file("odd#name", "abc");
  file("bytes", "abc\xff\n");
  EXPECT_EQ(in("key"), "abc=\r @ key (it ends in a carriage return, as Windows ends lines)");
  EXPECT_EQ(in("two"),
            "error: two holds more than one line | which one is the key? "
            "file:PATH#NAME names it; or pipe it in: stdin");
  EXPECT_EQ(in("blank"), "error: blank is blank | ");
  EXPECT_EQ(in("one.env"), "abc @ one.env, line 1");
  EXPECT_EQ(in("two.env"), "error: two.env holds 2 settings | say which one: file:two.env#NAME");
  EXPECT_EQ(in("odd#name"), "abc @ odd#name");
  EXPECT_EQ(in("bytes"), "abc\xff @ bytes (it holds bytes that are not UTF-8)");
}

TEST_F(KeySource, FilesThatCannotBeRead) {
  file("broken.json", "{\n\"a\": b}");
  ::mkfifo((folder_ + "/fifo").c_str(), 0600);
  fs::create_directory(folder_ + "/folder");
  EXPECT_EQ(in("missing", "A"), "error: cannot read missing: No such file or directory | ");
  EXPECT_EQ(in("broken.json", "a"), "error: broken.json: line 2 is not JSON | ");
  EXPECT_EQ(in("fifo", "A"), "error: cannot read fifo: not a regular file | ");
  EXPECT_EQ(in("folder"), "error: cannot read folder: not a regular file | ");
  EXPECT_EQ(find("file:"),
            "error: \"file:\" names no key | it is written file:PATH or file:PATH#NAME");
  fs::resize_file(file("large.env", ""), 1ull << 30);
  EXPECT_EQ(in("large.env", "A"), "error: cannot read large.env: too large | ");
}

TEST_F(KeySource, Vault) {
  program("vault", "printf abc");
  EXPECT_EQ(find("vault:secret/app#key"), "abc @ vault, secret/app#key");
  EXPECT_EQ(arguments(), "kv get -field=key secret/app");
  EXPECT_EQ(find("vault:secret/app"),
            "error: \"vault:\" names no key | it is written vault:PATH#FIELD");
  EXPECT_EQ(find("vault:-address=x#y"),
            "error: \"vault:\" names no key | it is written vault:PATH#FIELD");
}

TEST_F(KeySource, AwsSecretsManager) {
  program("aws", "echo '{\"user\":\"u\",\"key\":\"abc\"}'");
  EXPECT_EQ(find("aws-sm:prod/api#key"), "abc @ AWS Secrets Manager, prod/api#key");
  EXPECT_EQ(arguments(),
            "secretsmanager get-secret-value --secret-id prod/api --query SecretString "
            "--output text");
  EXPECT_EQ(find("aws-sm:prod/api#kye"),
            "error: prod/api does not define kye | it holds key, user");
  program("aws", "echo None");
  EXPECT_EQ(find("aws-sm:bin"),
            "error: AWS Secrets Manager, bin holds no text | it may be stored as SecretBinary");
  program("aws", "echo plain");
  EXPECT_EQ(find("aws-sm:p"), "plain @ AWS Secrets Manager, p");
  EXPECT_EQ(find("aws-sm:p#f"),
            "error: AWS Secrets Manager, p, is not JSON | leave #f out to take all of it");
}

TEST_F(KeySource, OnePasswordPassAndSecretTool) {
  program("op", "echo abc");
  program("pass", "printf 'abc\\nuser: ann\\n'");
  program("secret-tool", "printf abc");
  EXPECT_EQ(find("op://vault/item/field"), "abc @ op://vault/item/field");
  EXPECT_EQ(arguments(), "read op://vault/item/field");
  EXPECT_EQ(find("pass:api/key"), "abc @ pass, api/key");
  EXPECT_EQ(arguments(), "show api/key");
  EXPECT_EQ(find("secret-tool:service=api,user=ann b"),
            "abc @ secret-tool, service=api,user=ann b");
  EXPECT_EQ(arguments(), "lookup service api user ann b");
  EXPECT_EQ(find("secret-tool:service"),
            "error: \"secret-tool:\" names no key | it is written secret-tool:ATTRIBUTE=VALUE,…");
}

TEST_F(KeySource, AToolThatFailsOrIsNotThere) {
  program("op", "printf 'not signed in\\nrun op \\033[1msignin\\n' >&2; exit 6");
  EXPECT_EQ(find("op://v/i/f"),
            "error: op failed with exit code 6 | op says: not signed in run op "
            "\\x1b[1msignin");
  program("pass", "kill -9 $$");
  EXPECT_EQ(find("pass:x"), "error: pass was ended by signal 9 | ");
  program("vault", "");
  EXPECT_EQ(find("vault:p#f"), "error: vault, p#f is empty | ");
  ::setenv("PATH", folder_.c_str(), 1);
  EXPECT_EQ(find("aws-sm:x"),
            "error: aws is not installed here | install it, or name the key "
            "otherwise: env:NAME, file:PATH#NAME, stdin");
}

}  // namespace
}  // namespace locksmith::keyring
