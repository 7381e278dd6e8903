// A line at a time: nothing is judged before it has come whole, so each judgement is the same
// however the bytes arrived.
#include "server/chunked.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "server/octets.hpp"

namespace locksmith::server {
namespace {

constexpr std::size_t most_digits = 16;  // of a chunk's size, leading zeros too

void skip_spaces(std::string_view& text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
}

bool take_token(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && http::is_token_octet(text[size])) ++size;
  text.remove_prefix(size);
  return size > 0;
}

// RFC 9110 section 5.6.4.
bool take_quoted_string(std::string_view& text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return text.remove_prefix(i + 1), true;
    if (text[i] == '\\') ++i;
    if (i == text.size() || (is_control(text[i]) && text[i] != '\t')) return false;
  }
  return false;
}

// *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
bool are_extensions(std::string_view text) {
  while (!text.empty()) {
    skip_spaces(text);
    if (!text.starts_with(';')) return false;
    text.remove_prefix(1);
    skip_spaces(text);
    if (!take_token(text)) return false;
    auto value = text;
    skip_spaces(value);
    if (!value.starts_with('=')) continue;
    value.remove_prefix(1);
    skip_spaces(value);
    if (!(value.starts_with('"') ? take_quoted_string(value) : take_token(value))) return false;
    text = value;
  }
  return true;
}

}  // namespace

std::size_t ChunkedDecoder::refuse(int status, std::string_view detail) {
  bad_ = true;
  fault_ = {status, detail};
  return 0;
}

// Each take_…() returns how many bytes it took; none, when there is too little or a fault.

// chunk-size [ chunk-ext ] CRLF
std::size_t ChunkedDecoder::take_size(std::string_view in) {
  const auto line_feed = in.find('\n', searched_);
  if (line_feed == in.npos) {
    searched_ = in.size();
    if (in.size() > most_digits + left_.framing + 1)
      return refuse(400, "the chunk framing is too long");
    return 0;
  }
  searched_ = 0;
  if (line_feed == 0 || in[line_feed - 1] != '\r') return refuse(400, "a chunk's size is no size");
  const auto line = in.substr(0, line_feed - 1);
  // Neither a sign nor "0x" is taken, and from_chars() does not overflow.
  const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), chunk_, 16);
  const auto digits = static_cast<std::size_t>(stop - line.data());
  if (error != std::errc() || digits > most_digits) return refuse(400, "a chunk's size is no size");
  const auto extensions = line.substr(digits);
  if (extensions.size() > left_.framing) return refuse(400, "the chunk framing is too long");
  if (!are_extensions(extensions)) return refuse(400, "a chunk's extension is not valid HTTP/1.1");
  if (chunk_ > left_.body) return refuse(413, "the body is too long");
  left_.framing -= extensions.size();
  left_.body -= static_cast<std::size_t>(chunk_);
  next_ = chunk_ > 0 ? Next::data : Next::trailers;
  return line_feed + 1;
}

std::size_t ChunkedDecoder::take_data(std::string_view in, char* out) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_, in.size()));
  if (out != in.data()) std::memmove(out, in.data(), size);
  chunk_ -= size;
  if (chunk_ == 0) next_ = Next::data_end;
  return size;
}

std::size_t ChunkedDecoder::take_data_end(std::string_view in) {
  if (in.size() < 2) return 0;
  if (!in.starts_with("\r\n")) return refuse(400, "a chunk is longer than its size");
  next_ = Next::size;
  return 2;
}

std::size_t ChunkedDecoder::take_trailers(std::string_view in) {
  if (in.starts_with("\r\n")) {
    next_ = Next::nothing;
    return 2;
  }
  const auto empty_line = in.find("\r\n\r\n", searched_ - std::min<std::size_t>(searched_, 3));
  const auto size = empty_line == in.npos ? in.size() : empty_line + 4;
  if (size > left_.framing && size > 1) return refuse(400, "the trailers are too long");
  searched_ = in.size();
  if (empty_line == in.npos) return 0;
  if (!are_trailers(in.substr(0, size))) return refuse(400, "a trailer is not valid HTTP/1.1");
  next_ = Next::nothing;
  return size;
}

ChunkedDecoder::Progress ChunkedDecoder::decode(std::string_view in, char* out) {
  Progress progress;
  while (next_ != Next::nothing) {
    const auto rest = in.substr(progress.taken);
    std::size_t taken = 0;
    switch (next_) {
      case Next::size:
        taken = take_size(rest);
        break;
      case Next::data:
        taken = take_data(rest, out + progress.written);
        progress.written += taken;
        break;
      case Next::data_end:
        taken = take_data_end(rest);
        break;
      default:
        taken = take_trailers(rest);
    }
    progress.taken += taken;
    if (taken > 0) continue;
    progress.status = bad_ ? Parsed::bad : Parsed::incomplete;
    return progress;
  }
  progress.status = Parsed::whole;
  return progress;
}

}  // namespace locksmith::server
