// Beast's parser reads a head that is known to be complete; what it would forgive is refused here:
// folded lines, a repeated or combined framing field, any transfer coding but "chunked".
#include "server/request_reader.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace locksmith::server {
namespace {

namespace beast = boost::beast;
using beast::error_code;

constexpr std::size_t first_buffer = 4096;
constexpr std::size_t most_fields = 128;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

// A line that begins with white space continues the one before (RFC 9112 section 5.2).
bool has_folded_line(std::string_view head) {
  for (auto at = head.find('\n'); at != head.npos; at = head.find('\n', at + 1)) {
    if (at + 1 < head.size() && (head[at + 1] == ' ' || head[at + 1] == '\t')) return true;
  }
  return false;
}

// Behind the empty line that ends a head, looking from `from` on; npos: not there yet. By lines:
// that takes a fifth of what a search for the four characters does.
std::size_t find_head_end(std::string_view text, std::size_t from) {
  for (auto at = text.find('\n', from); at != text.npos; at = text.find('\n', at + 1)) {
    if (at > 0 && text[at - 1] == '\r' && text.substr(at + 1, 2) == "\r\n") return at + 3;
  }
  return text.npos;
}

// "GET / HTTP/2.0" is a request, "GET / x HTTP/1.1" is none.
bool is_other_version(std::string_view head) {
  const auto line = head.substr(0, head.find("\r\n"));
  const auto first = line.find(' '), last = line.rfind(' ');
  if (first == line.npos || line.find(' ', first + 1) != last || first == last) return false;
  const auto version = line.substr(last + 1);
  return version.starts_with("HTTP/") &&
         version.find_first_not_of("0123456789.", 5) == version.npos;
}

struct Parsed {
  std::string_view method, target;
  std::vector<Field> fields;
  std::string body;
  int version = 11;
  bool head_done = false;
  unsigned lengths = 0, codings = 0, hosts = 0;
  bool only_chunked = true;
  bool expects = false;

  void clear() {
    fields.clear();
    body.clear();
    head_done = false;
    lengths = codings = hosts = 0;
    only_chunked = true;
    expects = false;
  }
};

class Parser : public beast::http::basic_parser<true> {
 public:
  explicit Parser(Parsed& parsed) : parsed_(parsed) { eager(true); }

 private:
  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target,
                       int version, error_code&) override {
    parsed_.method = view(method);
    parsed_.target = view(target);
    parsed_.version = version;
  }
  void on_response_impl(int, beast::string_view, int, error_code&) override {}
  void on_field_impl(beast::http::field name, beast::string_view text, beast::string_view value,
                     error_code& error) override {
    if (parsed_.head_done) return;  // a trailer: nothing here needs one
    if (parsed_.fields.size() == most_fields) error = beast::http::error::header_limit;
    switch (name) {
      case beast::http::field::content_length:
        parsed_.lengths += 1 + (value.find(',') != value.npos);
        break;
      case beast::http::field::host:
        ++parsed_.hosts;
        break;
      case beast::http::field::transfer_encoding:
        ++parsed_.codings;
        parsed_.only_chunked = base::equals_ignoring_case(view(value), "chunked");
        break;
      case beast::http::field::expect:
        parsed_.expects = base::equals_ignoring_case(view(value), "100-continue");
        break;
      default:
        break;
    }
    parsed_.fields.push_back({view(text), view(value)});
  }
  void on_header_impl(error_code&) override { parsed_.head_done = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view piece, error_code&) override {
    parsed_.body.append(piece.data(), piece.size());
    return piece.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece, error_code&) override {
    parsed_.body.append(piece.data(), piece.size());
    return piece.size();
  }
  void on_finish_impl(error_code&) override {}

  Parsed& parsed_;
};

}  // namespace

// The buffer: [0, begin_) is dealt with, [begin_, parsed_) belongs to the request that is being
// read and is what its views point to, [parsed_, end_) has not been looked at.
struct RequestReader::Impl {
  SizeLimits limits;
  std::vector<char> buffer;
  std::size_t begin = 0, head_end = 0, parsed_to = 0, end = 0;
  std::size_t searched = 0;  // no end of a head before this
  Parsed parsed;
  std::optional<Parser> parser;  // set while a body is awaited
  RequestView request;
  bool keep_alive = false;
  bool delivered = false;
  Fault fault;
  bool broken = false;

  explicit Impl(const SizeLimits& sizes) : limits(sizes) {}

  Status refuse(int status, std::string_view detail) {
    broken = true;
    fault = {status, detail};
    return Status::bad;
  }
  std::string_view unread() const { return {buffer.data() + begin, end - begin}; }
  void forget();
  Status read_head();
  Status read_body();
  Status judge_head();
  Status judge(const error_code& error);
  Status deliver();
};

// The request that was handed out is over.
void RequestReader::Impl::forget() {
  delivered = false;
  parser.reset();
  parsed.clear();
  begin = parsed_to;
  if (begin == end) begin = end = 0;
  parsed_to = searched = begin;
}

RequestReader::Status RequestReader::Impl::read_head() {
  if (begin == end) return Status::nothing;
  const std::size_t before = searched > begin + 3 ? searched - 3 - begin : 0;
  const auto found = find_head_end(unread(), before);
  const auto size = std::min(found, end - begin);
  if (size > limits.head) return refuse(431, "the head of the request is too long");
  if (found == std::string_view::npos) return searched = end, Status::head;
  head_end = begin + size;
  return judge_head();
}

RequestReader::Status RequestReader::Impl::judge_head() {
  const std::string_view head(buffer.data() + begin, head_end - begin);
  if (has_folded_line(head)) return refuse(400, "a header is folded over two lines");
  parser.emplace(parsed);
  parser->header_limit(static_cast<std::uint32_t>(limits.head));
  parser->body_limit(limits.body);
  error_code error;
  parsed_to = begin + parser->put({head.data(), head.size()}, error);
  if (error && error != beast::http::error::need_more) return judge(error);
  if (!parsed.head_done) return refuse(400, "the head of the request cannot be read");
  if (parsed.lengths > 1) return refuse(400, "Content-Length is there twice");
  if (parsed.codings > 1 || !parsed.only_chunked)
    return refuse(400, "a Transfer-Encoding other than chunked");
  if (parsed.codings > 0 && (parsed.version < 11 || parsed.lengths > 0))
    return refuse(400, "Transfer-Encoding does not go with this request");
  if (parsed.hosts > 1 || (parsed.version >= 11 && parsed.hosts == 0))
    return refuse(400, "exactly one Host header is needed");
  return parser->is_done() ? deliver() : read_body();
}

RequestReader::Status RequestReader::Impl::read_body() {
  while (parsed_to < end) {
    error_code error;
    const auto taken = parser->put({buffer.data() + parsed_to, end - parsed_to}, error);
    parsed_to += taken;
    if (error == beast::http::error::need_more) {
      // A line of the chunk framing, or trailers, that is not complete.
      if (end - parsed_to > limits.head) return refuse(400, "the chunk framing is too long");
      return Status::body;
    }
    if (error) return judge(error);
    if (parser->is_done()) return deliver();
    if (taken == 0) return Status::body;
  }
  parsed_to = end = head_end;  // the body's bytes are kept elsewhere
  return Status::body;
}

RequestReader::Status RequestReader::Impl::judge(const error_code& error) {
  if (error == beast::http::error::body_limit) return refuse(413, "the body is too long");
  if (error == beast::http::error::header_limit)
    return refuse(431, "the head of the request is too long");
  if (error == beast::http::error::bad_version && is_other_version(unread()))
    return refuse(505, "HTTP/1.1 is what is spoken here");
  return refuse(400, "the request is not valid HTTP/1.1");
}

RequestReader::Status RequestReader::Impl::deliver() {
  request.method = parsed.method;
  request.target = parsed.target;
  request.headers = parsed.fields;
  request.body = parsed.body;
  keep_alive = parser->keep_alive();
  delivered = true;
  return Status::request;
}

RequestReader::RequestReader(const SizeLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;

// Grows only while no request is in hand whose views would dangle, or rebases them.
std::span<char> RequestReader::room() {
  auto& in = *impl_;
  if (in.delivered) in.forget();
  if (in.buffer.empty()) in.buffer.resize(first_buffer);
  if (in.end == in.buffer.size() && in.begin > 0 && !in.parser) {
    std::memmove(in.buffer.data(), in.buffer.data() + in.begin, in.end - in.begin);
    in.searched -= std::min(in.searched, in.begin);
    in.end -= in.begin;
    in.begin = in.parsed_to = 0;
  }
  if (in.end == in.buffer.size()) {
    const char* old = in.buffer.data();
    std::vector<char> larger(in.buffer.size() * 2);
    std::memcpy(larger.data(), old, in.end);
    const auto move = [&](std::string_view& text) {
      if (text.data()) text = {larger.data() + (text.data() - old), text.size()};
    };
    if (in.parser) {
      move(in.parsed.method), move(in.parsed.target);
      for (auto& field : in.parsed.fields) move(field.name), move(field.value);
    }
    in.buffer.swap(larger);
  }
  return {in.buffer.data() + in.end, in.buffer.size() - in.end};
}

void RequestReader::filled(std::size_t bytes) { impl_->end += bytes; }

RequestReader::Status RequestReader::next() {
  auto& in = *impl_;
  if (in.broken) return Status::bad;
  if (in.delivered) in.forget();
  return in.parser ? in.read_body() : in.read_head();
}

const RequestView& RequestReader::request() const { return impl_->request; }
bool RequestReader::keep_alive() const { return impl_->keep_alive; }
bool RequestReader::http_1_0() const { return impl_->parsed.version < 11; }
bool RequestReader::expects_continue() const {
  return impl_->parsed.expects && impl_->parser && impl_->parsed.body.empty();
}
const RequestReader::Fault& RequestReader::fault() const { return impl_->fault; }

}  // namespace locksmith::server
