// How the commands reach the authority: over HTTP while it runs, else its store itself. Both take
// the same requests, those of the HTTP interface, so that a command does not know which it is.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "arguments/command.hpp"
#include "authority/server_settings.hpp"
#include "base/result.hpp"

namespace locksmith::server {
class Service;
}

namespace locksmith::daemon {

struct Where {
  std::string server;  // "https://keys.example.com", "unix:/run/locksmith.sock"; empty: the store
  std::string admin_key;  // names the key, as keyring/key_source.hpp has it
  std::string config = "locksmith.toml";
  std::string store;  // instead of the file's
};
void add_where(arguments::Command& command, Where& where);

struct Reply {
  int status = 0;
  std::string body;
};

class Authority {
 public:
  virtual ~Authority() = default;
  // What was answered; an answer that is no 2xx is an error with what it says.
  Result<boost::json::object> ask(std::string_view method, const std::string& target);
  Result<boost::json::object> ask(std::string_view method, const std::string& target,
                                  const boost::json::object& body);
  Result<boost::json::object> post(const std::string& target, const std::string& body);
  // All pages, as long as there are fewer than `most` items. `query`: "?state=active", or "".
  Result<boost::json::array> list(const std::string& path, const std::string& query,
                                  std::size_t most);
  // The store in hand; none when it is reached over HTTP.
  virtual server::Service* service() { return nullptr; }

 protected:
  virtual Result<Reply> send(std::string_view method, const std::string& target,
                             const std::string& body) = 0;
};

Result<std::unique_ptr<Authority>> reach(const Where& where);
Result<std::unique_ptr<Authority>> reach_server(const std::string& url, const std::string& key);
Result<std::unique_ptr<Authority>> reach_store(const Where& where);

// Reaches the authority and does it there; gives the exit code.
int act(const Where& where, const std::function<Result<int>(Authority&)>& action);

// locksmith.toml, with what the command line says instead.
Result<authority::Settings> read_config(const Where& where);

}  // namespace locksmith::daemon
