// The engine on real sockets: keep-alive, pipelining, time limits, a flood of idle connections, a
// stop that lets answers go out.
#include "server/http_engine.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/test_folder.hpp"

namespace locksmith::server {
namespace {

using namespace std::chrono_literals;

class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(reinterpret_cast<sockaddr*>(&to), sizeof to);
  }
  explicit Client(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, path.c_str(), path.size() + 1);
    connect(reinterpret_cast<sockaddr*>(&to), sizeof to);
  }
  Client(Client&& other) noexcept : connected(other.connected), fd_(std::exchange(other.fd_, -1)) {}
  ~Client() {
    if (fd_ >= 0) ::close(fd_);
  }
  void send(std::string_view bytes) { ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  void send_no_more() { ::shutdown(fd_, SHUT_WR); }
  // Until `end` has been seen, or the other side closes.
  std::string receive(std::string_view end = "never") {
    std::string all;
    char buffer[4096];
    while (all.find(end) == all.npos) {
      const auto size = ::recv(fd_, buffer, sizeof buffer, 0);
      if (size <= 0) return all + (size == 0 ? "<closed>" : "<time>");
      all.append(buffer, static_cast<std::size_t>(size));
    }
    return all;
  }
  bool connected = false;

 private:
  void connect(const sockaddr* to, socklen_t size) {
    const timeval limit{5, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    connected = ::connect(fd_, to, size) == 0;
  }
  int fd_;
};

// Answers "METHOD TARGET BODY"; what begins with /slow is answered on the slow lane.
Handlers echo() {
  const auto answer = [](const RequestView& request, ResponseBuilder& response) {
    response.start(200);
    response.header("X-Peer", request.unix_socket ? "unix" : "tcp");
    response.finish("text/plain", std::string(request.method) + " " + std::string(request.target) +
                                      " " + std::string(request.body) + ".");
  };
  return {[answer](const RequestView& request, ResponseBuilder& response) {
            if (request.target.starts_with("/slow")) return false;
            answer(request, response);
            return true;
          },
          [answer](const RequestView& request, ResponseBuilder& response) {
            std::this_thread::sleep_for(50ms);
            answer(request, response);
          }};
}

std::unique_ptr<HttpEngine> start(EngineSettings settings = {}) {
  if (settings.listen == EngineSettings{}.listen) settings.listen = {"127.0.0.1:0"};
  if (settings.threads == 0) settings.threads = 2;
  auto engine = HttpEngine::start(std::move(settings), echo());
  EXPECT_TRUE(engine) << engine.error().message;
  return std::move(*engine);
}

std::string get(std::string_view target, std::string_view more = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" + std::string(more) + "\r\n";
}

TEST(HttpEngine, KeepsConnectionsAndAnswersPipelinedRequestsInOrder) {
  const auto engine = start();
  Client client(engine->port());
  client.send(get("/1"));
  EXPECT_TRUE(client.receive("GET /1 .").starts_with("HTTP/1.1 200 OK\r\nDate: "));
  client.send(get("/2") + get("/slow") + get("/3", "Connection: close\r\n") + get("/never"));
  const auto all = client.receive();
  EXPECT_LT(all.find("GET /2 ."), all.find("GET /slow ."));
  EXPECT_LT(all.find("GET /slow ."), all.find("GET /3 ."));
  EXPECT_NE(all.find("Connection: close"), all.npos);
  EXPECT_EQ(all.find("/never"), all.npos);
  EXPECT_TRUE(all.ends_with("<closed>")) << all;
}

TEST(HttpEngine, AnswersMoreThanOneWriteTakes) {
  const auto engine = start();
  Client client(engine->port());
  std::string many;
  for (int i = 0; i < 4000; ++i) many += get("/" + std::string(300, 'a'));
  std::thread sender([&] { client.send(many + get("/last")); });
  const auto all = client.receive("GET /last .");
  sender.join();
  std::size_t answers = 0;
  for (auto at = all.find("200 OK"); at != all.npos; at = all.find("200 OK", at + 1)) ++answers;
  EXPECT_EQ(answers, 4001u);
}

TEST(HttpEngine, AnswersWhoSendsNoMore) {
  const auto engine = start();
  for (const char* target : {"/1", "/slow"}) {
    Client client(engine->port());
    client.send(get("/first") + get(target));
    client.send_no_more();
    const auto all = client.receive();
    EXPECT_NE(all.find("GET " + std::string(target) + " ."), all.npos) << all;
    EXPECT_TRUE(all.ends_with("<closed>")) << all;
  }
}

TEST(HttpEngine, AnswersAHeadWithoutContentAndWaitsForBodies) {
  const auto engine = start();
  Client client(engine->port());
  client.send("HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto head = client.receive("\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 9\r\n"), head.npos) << head;
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  client.send("POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(client.receive("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("he");
  std::this_thread::sleep_for(20ms);
  client.send("llo");
  EXPECT_NE(client.receive("POST /p hello.").find("200 OK"), std::string::npos);
}

TEST(HttpEngine, AnswersWhatIsNoHttpAndCloses) {
  const auto engine = start();
  Client client(engine->port());
  client.send(get("/1") + "GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n" + get("/2"));
  const auto all = client.receive();
  EXPECT_NE(all.find("GET /1 ."), all.npos);
  EXPECT_NE(all.find("HTTP/1.1 400 Bad Request"), all.npos);
  EXPECT_NE(all.find("application/problem+json"), all.npos);
  EXPECT_EQ(all.find("GET /2"), all.npos);
  EXPECT_TRUE(all.ends_with("<closed>"));
}

TEST(HttpEngine, ClosesWhatTakesTooLong) {
  EngineSettings settings;
  settings.times.head = settings.times.idle = settings.times.body = 100ms;
  const auto engine = start(settings);
  Client silent(engine->port()), slow_head(engine->port()), slow_body(engine->port()),
      idle(engine->port());
  slow_head.send("GET / HT");
  slow_body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
  idle.send(get("/i"));
  EXPECT_EQ(silent.receive(), "<closed>");
  EXPECT_EQ(slow_head.receive(), "<closed>");
  EXPECT_EQ(slow_body.receive(), "<closed>");
  EXPECT_TRUE(idle.receive().ends_with("GET /i .<closed>"));
}

TEST(HttpEngine, IdleConnectionsDoNotKeepOthersOut) {
  EngineSettings settings;
  settings.connections = 40;
  const auto engine = start(settings);
  std::vector<Client> idle;
  for (int i = 0; i < 300; ++i) idle.emplace_back(engine->port());
  Client client(engine->port());
  client.send(get("/1"));
  EXPECT_NE(client.receive("GET /1 .").find("200 OK"), std::string::npos);
  EXPECT_LE(engine->connections(), 42u);
}

TEST(HttpEngine, ServesAUnixSocket) {
  const base::TestFolder folder;
  const std::string path = folder / "engine.sock";
  EngineSettings settings;
  settings.listen = {"unix:" + path};
  auto engine = start(settings);
  struct stat found {};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0660u);
  Client client(path);
  client.send(get("/u"));
  EXPECT_NE(client.receive("GET /u .").find("X-Peer: unix"), std::string::npos);
  const auto second = HttpEngine::start(settings, echo());
  ASSERT_FALSE(second);  // it is served
  EXPECT_NE(second.error().message.find("somebody serves"), std::string::npos);
  engine.reset();
  EXPECT_FALSE(std::filesystem::exists(path));

  const int stale = ::socket(AF_UNIX, SOCK_STREAM, 0);  // a server that died leaves its file
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
  ASSERT_EQ(::bind(stale, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
  ::close(stale);
  engine = start(settings);
  EXPECT_TRUE(Client(path).connected);
}

TEST(HttpEngine, AFaceThatFailsCostsOneRequest) {
  EngineSettings settings;
  settings.listen = {"127.0.0.1:0"};
  const auto fails = [](const RequestView& request, ResponseBuilder& response) {
    response.start(200);
    response.header("X-Half", "written");
    if (request.target == "/throws") throw std::runtime_error("oh");
    if (request.target == "/good") response.finish("text/plain", "good.");
    return true;
  };
  const auto engine =
      HttpEngine::start(settings, {[&](const auto& request, auto& response) {
                                     return request.target != "/slow" && fails(request, response);
                                   },
                                   [&](const auto&, auto&) { throw std::runtime_error("oh"); }});
  ASSERT_TRUE(engine);
  Client client((*engine)->port());
  client.send(get("/throws") + get("/slow") + get("/good"));
  const auto all = client.receive("good.");
  EXPECT_NE(all.find("500 Internal Server Error"), all.rfind("500 Internal Server Error"));
  EXPECT_LT(all.find("500 "), all.find("X-Half"));
  EXPECT_NE(all.find("good."), all.npos);
}

TEST(HttpEngine, DoesNotInterruptAProxyOnTheSameCore) {
  EngineSettings settings;
  settings.listen = {"127.0.0.1:0"};
  settings.threads = 1;
  const auto told = [](const RequestView&, ResponseBuilder& response) {
    response.start(200);
    response.finish("text/plain", sched_getscheduler(0) == SCHED_BATCH ? "batch." : "other.");
    return true;
  };
  const auto engine = HttpEngine::start(settings, {told, {}});
  ASSERT_TRUE(engine);
  Client client((*engine)->port());
  client.send(get("/"));
  const auto said = client.receive("ch.");  // or five seconds
  EXPECT_TRUE(said.ends_with("batch.")) << said;
}

TEST(HttpEngine, StopsAfterItsAnswers) {
  auto engine = start();
  Client client(engine->port()), idle(engine->port());
  client.send(get("/slow"));
  std::this_thread::sleep_for(20ms);
  engine->stop();
  EXPECT_NE(client.receive().find("GET /slow .<closed>"), std::string::npos);
  EXPECT_EQ(idle.receive(), "<closed>");
}

TEST(HttpEngine, AnswersTheBodyThatIsStillComingWhenItStops) {
  const auto engine = start();
  Client client(engine->port());
  client.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
  std::this_thread::sleep_for(20ms);
  std::thread stops([&] { engine->stop(); });
  std::this_thread::sleep_for(20ms);
  client.send("llo");
  const auto all = client.receive();
  stops.join();
  EXPECT_NE(all.find("Connection: close"), all.npos) << all;
  EXPECT_TRUE(all.ends_with("POST /p hello.<closed>")) << all;
}

// Whatever ends a connection, time, want of room or the end of the program, comes at any moment of
// its life. That nothing is used afterwards, the sanitizers tell.
TEST(HttpEngine, ConnectionsEndAtAnyMoment) {
  EngineSettings settings;
  settings.connections = 8;
  settings.times.head = settings.times.idle = settings.times.write = 1ms;
  settings.times.drain = 200ms;
  const std::string large = get("/" + std::string(4000, 'a'));
  std::string batch;
  while (batch.size() < 300'000) batch += large;
  for (int round = 0; round < 5; ++round) {
    auto engine = start(settings);
    std::atomic<bool> over = false;
    const auto visit = [&](unsigned seed) {
      for (auto i = seed; !over; i += 7) {
        Client client(engine->port());
        client.send(i % 2 == 0 ? get("/1") + get("/2").substr(0, i % 30) : large + large);
        if (i % 5 == 0) client.send(batch);
        if (i % 11 == 0) client.send(get("/slow"));
        if (i % 3 == 0) client.receive("HTTP/1.1 200");
        if (i % 3 == 1) std::this_thread::sleep_for(1ms);
      }
    };
    std::vector<std::thread> visitors;
    for (unsigned seed = 0; seed < 6; ++seed) visitors.emplace_back(visit, seed);
    std::this_thread::sleep_for(100ms);
    engine->stop();
    over = true;
    for (auto& visitor : visitors) visitor.join();
  }
}

TEST(HttpEngine, SaysWhatItCannotListenOn) {
  for (const char* text : {"8411", "localhost:8411", "127.0.0.1:", "127.0.0.1:70000", "unix:", ""})
    EXPECT_FALSE(check_listen(text)) << text;
  for (const char* text : {"127.0.0.1:0", "[::1]:8411", "0.0.0.0:80", "unix:/run/x.sock"})
    EXPECT_TRUE(check_listen(text)) << text;
  EngineSettings settings;
  settings.listen = {"unix:/dev/null"};
  EXPECT_FALSE(HttpEngine::start(settings, echo()));
}

}  // namespace
}  // namespace locksmith::server
