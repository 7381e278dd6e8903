// Without a server: the store is opened, and the interface's own functions answer in this process.
#include <fmt/format.h>

#include "daemon/load.hpp"
#include "daemon/reach.hpp"
#include "server/routes.hpp"
#include "server/service.hpp"
#include "store/store.hpp"

namespace locksmith::daemon {
namespace {

class StoreAuthority final : public Authority {
 public:
  StoreAuthority(authority::Snapshot snapshot, std::unique_ptr<store::Store> store)
      : service_({}, std::move(snapshot), std::move(store)) {}

  server::Service* service() override { return &service_; }

 protected:
  Result<Reply> send(std::string_view method, const std::string& target,
                     const std::string& body) override {
    server::RequestView request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.unix_socket = true;
    std::string answer;
    server::ResponseBuilder response(answer, {});
    server::answer_operator(service_, request, response);
    const std::size_t head = answer.find("\r\n\r\n");
    return Reply{response.status(), head == answer.npos ? "" : answer.substr(head + 4)};
  }

 private:
  server::Service service_;
};

}  // namespace

Result<std::unique_ptr<Authority>> reach_store(const Where& where) {
  auto settings = read_config(where);
  if (!settings) return std::unexpected(settings.error());
  auto store = store::open_sqlite(settings->server.store);
  if (!store) return std::unexpected(store.error());
  auto snapshot = load(std::move(settings->policy), **store);
  if (!snapshot) return std::unexpected(snapshot.error());
  return std::make_unique<StoreAuthority>(std::move(*snapshot), std::move(*store));
}

}  // namespace locksmith::daemon
