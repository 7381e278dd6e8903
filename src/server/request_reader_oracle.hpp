// For tests: Boost.Beast's parser as a second opinion about where a request ends and what it says.
// Whatever the authority's reader accepts, Beast must accept and read alike; and what Beast accepts
// under the rules that the reader had while it was built on Beast, it must not refuse.
#pragma once

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "server/request_reader.hpp"

namespace locksmith::server::oracle {

struct Reading {
  bool whole = false;
  std::string method, target, body;
  std::vector<std::pair<std::string, std::string>> fields;
  bool keep_alive = false;
  std::size_t size = 0;  // of the request, from its first byte to its last
  bool chunked = false;
  bool strict = true;  // nothing in its head that Beast forgives and the reader never did

  bool operator==(const Reading& other) const {
    return method == other.method && target == other.target && body == other.body &&
           fields == other.fields;
  }
};

class Parser : public boost::beast::http::basic_parser<true> {
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;
  using field = boost::beast::http::field;

 public:
  explicit Parser(Reading& reading) : reading_(reading) { eager(true); }

  void judge(std::string_view head) {
    const auto folded = head.find("\n ") != head.npos || head.find("\n\t") != head.npos;
    const bool framed = lengths_ <= 1 && codings_ <= 1 && (codings_ == 0 || lengths_ == 0);
    const bool hosted = hosts_ == 1 || (hosts_ == 0 && version_ < 11);
    if (folded || !framed || !hosted || (codings_ > 0 && version_ < 11)) reading_.strict = false;
  }

 private:
  static std::string text(string_view view) { return {view.data(), view.size()}; }
  void on_request_impl(boost::beast::http::verb, string_view method, string_view target,
                       int version, error_code&) override {
    reading_.method = text(method);
    reading_.target = text(target);
    version_ = version;
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(field name, string_view written, string_view value, error_code&) override {
    if (head_done_) return;
    lengths_ += name == field::content_length;
    hosts_ += name == field::host;
    codings_ += name == field::transfer_encoding;
    if (name == field::content_length && value.find(',') != value.npos) reading_.strict = false;
    if (name == field::transfer_encoding && !base::equals_ignoring_case(text(value), "chunked"))
      reading_.strict = false;
    reading_.fields.emplace_back(text(written), text(value));
    if (reading_.fields.size() > 128) reading_.strict = false;
  }
  void on_header_impl(error_code&) override {
    head_done_ = true;
    reading_.chunked = codings_ > 0;
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view piece, error_code&) override {
    reading_.body += text(piece);
    return piece.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view piece, error_code&) override {
    reading_.body += text(piece);
    return piece.size();
  }
  void on_finish_impl(error_code&) override {}

  Reading& reading_;
  int version_ = 11;
  int lengths_ = 0, codings_ = 0, hosts_ = 0;
  bool head_done_ = false;
};

inline Reading ask_beast(std::string_view bytes, const SizeLimits& limits) {
  Reading reading;
  Parser parser(reading);
  parser.header_limit(static_cast<std::uint32_t>(limits.head));
  parser.body_limit(limits.body);
  while (!parser.is_done() && reading.size < bytes.size()) {
    const auto rest = bytes.substr(reading.size);
    boost::beast::error_code error;
    const auto taken = parser.put({rest.data(), rest.size()}, error);
    reading.size += taken;
    if (error || taken == 0) return reading;
  }
  reading.whole = parser.is_done();
  if (!reading.whole) return reading;
  reading.keep_alive = parser.keep_alive();
  const auto head_size = bytes.find("\r\n\r\n") + 4;
  if (head_size > limits.head) reading.strict = false;
  parser.judge(bytes.substr(0, head_size));
  return reading;
}

// Whether a request is whole when the reader has got all of `bytes`.
inline bool takes(RequestReader& reader, std::string_view bytes) {
  while (true) {
    const auto room = reader.room();
    const auto size = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), size);
    reader.filled(size);
    bytes.remove_prefix(size);
    const auto status = reader.next();
    if (status == RequestReader::Status::request) return true;
    if (status == RequestReader::Status::bad || bytes.empty()) return false;
  }
}

inline Reading ask_reader(std::string_view bytes, const SizeLimits& limits) {
  Reading reading;
  RequestReader reader(limits);
  reading.whole = takes(reader, bytes);
  if (!reading.whole) return reading;
  const auto& request = reader.request();
  reading.method = request.method;
  reading.target = request.target;
  reading.body = request.body;
  for (const auto& [name, value] : request.headers) reading.fields.emplace_back(name, value);
  reading.keep_alive = reader.keep_alive();
  return reading;
}

// What the two see differently in the requests that `bytes` begins with; empty: nothing. `seen`
// counts the requests that both read.
inline std::string difference(std::string_view bytes, const SizeLimits& limits,
                              std::size_t* seen = nullptr) {
  while (!bytes.empty()) {
    const auto ours = ask_reader(bytes, limits);
    const auto theirs = ask_beast(bytes, limits);
    if (!ours.whole && theirs.whole && theirs.strict && !theirs.chunked)
      return "refused, and Beast reads it";
    if (!ours.whole) return {};
    if (!theirs.whole) return "accepted, and Beast refuses it";
    if (!theirs.strict) return "accepted, and never was";
    if (!(ours == theirs)) return "accepted, and Beast reads something else";
    if (ours.keep_alive && !theirs.keep_alive) return "goes on where Beast would close";
    RequestReader reader(limits);
    if (takes(reader, bytes.substr(0, theirs.size - 1))) return "ends before Beast's end";
    if (!takes(reader, bytes.substr(theirs.size - 1, 1))) return "ends behind Beast's end";
    if (seen) ++*seen;
    bytes.remove_prefix(theirs.size);
  }
  return {};
}

}  // namespace locksmith::server::oracle
