// A buffer and what of it has been read. Bodies stay in it, behind their heads, so that a request
// is nothing but views; a chunked body is decoded where it lies.
#include "server/request_reader.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "server/chunked.hpp"

namespace locksmith::server {
namespace {

constexpr std::size_t first_buffer = 4096;
constexpr std::size_t most_kept = 64 << 10;  // an idle connection holds no more

}  // namespace

// The buffer: [begin, begin + head.size) is the head of the request that is being read,
// [head's end, body_end) as much of its body as has been decoded, [body_end, end) has not been
// looked at.
struct RequestReader::Impl {
  enum class Stage { head, length, chunks, delivered, broken };

  SizeLimits limits;
  std::vector<char> buffer;
  std::size_t begin = 0, body_end = 0, end = 0;
  std::size_t searched = 0;  // of the head: it was looked at so far and is not complete
  Stage stage = Stage::head;
  RequestHead head;
  ChunkedDecoder decoder;
  RequestView request;
  Fault fault;

  explicit Impl(const SizeLimits& sizes) : limits(sizes) {}

  std::string_view unread() const { return {buffer.data() + begin, end - begin}; }
  std::size_t head_end() const { return begin + head.size; }
  bool awaits_body() const { return stage == Stage::length || stage == Stage::chunks; }
  void make_room();
  void forget();
  Status refuse(const Fault& why);
  Status read_head();
  Status wait_for_head();
  Status begin_body();
  Status read_length();
  Status read_chunks();
  Status deliver(std::size_t next);
};

RequestReader::Status RequestReader::Impl::refuse(const Fault& why) {
  stage = Stage::broken;
  fault = why;
  return Status::bad;
}

// Nearly every head comes in one piece, and is parsed without asking first where it ends. What did
// not is searched for its end, so that one that comes byte by byte is not parsed for each byte; and
// a fault is told when the head is whole, so that how it was cut makes no difference.
RequestReader::Status RequestReader::Impl::read_head() {
  if (begin == end) return Status::nothing;
  const auto text = unread().substr(0, limits.head);
  const auto has_end = [&] {
    return text.find("\r\n\r\n", searched - std::min<std::size_t>(searched, 3)) != text.npos;
  };
  if (searched > 0 && !has_end()) return wait_for_head();
  const auto parsed = parse_head(text, head);
  if (parsed == Parsed::whole) return begin_body();
  if (parsed == Parsed::bad && has_end()) return refuse(head.fault);
  return wait_for_head();
}

RequestReader::Status RequestReader::Impl::wait_for_head() {
  if (end - begin > limits.head) return refuse({431, "the head of the request is too long"});
  searched = end - begin;
  return Status::head;
}

RequestReader::Status RequestReader::Impl::begin_body() {
  body_end = head_end();
  if (head.framing.chunked) {
    stage = Stage::chunks;
    decoder = ChunkedDecoder({limits.body, limits.head});
    return read_chunks();
  }
  if (head.framing.length > limits.body) return refuse({413, "the body is too long"});
  stage = Stage::length;
  return read_length();
}

RequestReader::Status RequestReader::Impl::read_length() {
  if (end - head_end() < head.framing.length) return Status::body;
  body_end = head_end() + static_cast<std::size_t>(head.framing.length);
  return deliver(body_end);
}

RequestReader::Status RequestReader::Impl::read_chunks() {
  const std::string_view rest(buffer.data() + body_end, end - body_end);
  const auto progress = decoder.decode(rest, buffer.data() + body_end);
  if (progress.status == Parsed::bad) return refuse(decoder.fault());
  const auto next = body_end + progress.taken;
  body_end += progress.written;
  if (progress.status == Parsed::whole) return deliver(next);
  std::memmove(buffer.data() + body_end, buffer.data() + next, end - next);
  end -= next - body_end;
  return Status::body;
}

// The request that was handed out begins at `begin`, the one after it at `next`.
RequestReader::Status RequestReader::Impl::deliver(std::size_t next) {
  request.method = head.method;
  request.target = head.target;
  request.headers = head.fields;
  request.body = {buffer.data() + head_end(), body_end - head_end()};
  begin = next;
  stage = Stage::delivered;
  return Status::request;
}

void RequestReader::Impl::forget() {
  stage = Stage::head;
  searched = 0;
  if (begin < end) return;
  begin = end = 0;
  if (buffer.size() > most_kept) std::vector<char>().swap(buffer);
}

// To the front of the buffer, or of a larger one when that alone would win little.
void RequestReader::Impl::make_room() {
  const std::size_t used = end - begin;
  if (begin > 0 && begin >= buffer.size() / 2) {
    std::memmove(buffer.data(), buffer.data() + begin, used);
  } else {
    std::vector<char> larger(std::max(first_buffer, 2 * buffer.size()));
    std::copy_n(buffer.data() + begin, used, larger.data());
    buffer.swap(larger);
  }
  body_end -= std::min(begin, body_end);
  begin = 0;
  end = used;
  if (awaits_body()) parse_head({buffer.data(), head.size}, head);  // its views had to move
}

RequestReader::RequestReader(const SizeLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;

std::span<char> RequestReader::room() {
  auto& in = *impl_;
  if (in.stage == Impl::Stage::delivered) in.forget();
  if (in.end == in.buffer.size()) in.make_room();
  return {in.buffer.data() + in.end, in.buffer.size() - in.end};
}

void RequestReader::filled(std::size_t bytes) { impl_->end += bytes; }

RequestReader::Status RequestReader::next() {
  auto& in = *impl_;
  switch (in.stage) {
    case Impl::Stage::broken:
      return Status::bad;
    case Impl::Stage::length:
      return in.read_length();
    case Impl::Stage::chunks:
      return in.read_chunks();
    case Impl::Stage::delivered:
      in.forget();
      [[fallthrough]];
    case Impl::Stage::head:
      return in.read_head();
  }
  __builtin_unreachable();
}

const RequestView& RequestReader::request() const { return impl_->request; }
bool RequestReader::keep_alive() const { return impl_->head.framing.persistent(); }
bool RequestReader::http_1_0() const { return impl_->head.framing.http_1_0; }
// A client that has sent some of its body does not wait, and HTTP/1.0 knows no waiting (RFC 9110
// section 10.1.1).
bool RequestReader::expects_continue() const {
  const auto& in = *impl_;
  return in.awaits_body() && in.head.framing.expects_continue && !http_1_0() &&
         in.end == in.head_end();
}
const Fault& RequestReader::fault() const { return impl_->fault; }

}  // namespace locksmith::server
