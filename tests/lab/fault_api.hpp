// Starts tests/lab/fault_api.py for as long as a test needs it. LOCKSMITH_LAB is the folder.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

extern char** environ;

namespace locksmith::lab {

class FaultApi {
 public:
  // `tls`: a PEM file with certificate and key; the server then speaks https.
  explicit FaultApi(const std::string& tls = "") {
    int to_child[2], from_child[2];
    if (pipe2(to_child, O_CLOEXEC) != 0 || pipe2(from_child, O_CLOEXEC) != 0)
      throw std::runtime_error("pipe");
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, to_child[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, from_child[1], STDOUT_FILENO);
    std::vector<std::string> words = {"python3", "-B", LOCKSMITH_LAB "/fault_api.py"};
    if (!tls.empty()) words.insert(words.end(), {"--tls", tls});
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int failed = posix_spawnp(&pid_, "python3", &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    close(to_child[0]);
    close(from_child[1]);
    stdin_ = to_child[1];
    if (failed) throw std::runtime_error("python3, which the tests need, cannot be started");
    read_announcement(from_child[0]);
  }
  ~FaultApi() {
    close(stdin_);  // and with it the server ends, even when it is the test that died
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }
  FaultApi(const FaultApi&) = delete;
  FaultApi& operator=(const FaultApi&) = delete;

  int port() const { return port_; }
  int other_port() const { return other_port_; }
  const std::string& key(const std::string& state) const { return keys_.at(state); }
  const std::map<std::string, std::string>& keys() const { return keys_; }
  std::string url(const std::string& fault, const std::string& endpoint = "things") const {
    return scheme_ + "://127.0.0.1:" + std::to_string(port_) + "/faults/" + fault + "/v1/" +
           endpoint;
  }
  void speak(std::string scheme) { scheme_ = std::move(scheme); }

 private:
  void read_announcement(int fd) {
    FILE* out = fdopen(fd, "r");
    char line[8192];
    const bool first =
        fgets(line, sizeof line, out) && sscanf(line, "listening on %d", &port_) == 1;
    if (!first || !fgets(line, sizeof line, out))
      throw std::runtime_error("fault_api.py did not start");
    const auto announced = boost::json::parse(line);
    other_port_ = static_cast<int>(announced.at("other_port").as_int64());
    for (const auto& [state, key] : announced.at("keys").as_object()) {
      keys_[std::string(state)] = std::string(key.as_string());
    }
    fclose(out);
  }

  pid_t pid_ = 0;
  int stdin_ = -1, port_ = 0, other_port_ = 0;
  std::string scheme_ = "http";
  std::map<std::string, std::string> keys_;
};

}  // namespace locksmith::lab
