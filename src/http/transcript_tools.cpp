// What `curl -v` and `wget -S` print: messages behind prefixes, between lines about the connection.
// The prefixes are those of curl's tool_cb_dbg.c:
// https://github.com/curl/curl/blob/master/src/tool_cb_dbg.c
#include <algorithm>

#include "base/text.hpp"
#include "http/transcript.hpp"

namespace locksmith::http {
namespace {

// What stands between `before` and `after`; empty when either is absent.
std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t start = text.find(before);
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start + before.size());
  const std::size_t end = text.find(after);
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end);
}

// The text behind curl's prefix, if the line has it; an empty line's trailing space may be lost.
std::optional<std::string_view> behind(char prefix, std::string_view line) {
  if (!line.starts_with(prefix)) return {};
  line.remove_prefix(1);
  if (line.empty()) return line;
  if (line.front() != ' ') return {};
  return line.substr(1);
}

bool is_progress_meter(std::string_view line) {
  return line.contains("% Total    % Received") || line.contains("Dload  Upload") ||
         line.contains("--:--:--");
}

bool is_data_note(std::string_view line) {
  return (line.starts_with("{ [") || line.starts_with("} [")) && line.ends_with("bytes data]");
}

class VerboseReader {
 public:
  Transcript read(std::string_view text) {
    while (!text.empty()) {
      std::string_view line = text;
      line = line.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);  // with its line end
      read_line(take_line(text), line);
    }
    for (TranscriptMessage& message : transcript_) finish(message);
    return std::move(transcript_);
  }

 private:
  enum class State { outside, request, response, body };

  void read_line(std::string_view line, std::string_view with_end) {
    if (const auto info = behind('*', line)) return read_info(*info);
    if (is_data_note(line) || is_progress_meter(line)) return;
    for (const char prefix : {'>', '<'}) {
      const auto content = behind(prefix, line);
      if (content && read_header(*content, prefix == '>')) return;
    }
    if (state_ == State::response) echoed_ = true;  // -i and -v together print each line twice
    if (state_ == State::body) read_body(line, with_end);
  }

  bool read_header(std::string_view line, bool is_request) {
    if (auto message = parse_start_line(line); message && message->is_request == is_request) {
      start(*std::move(message));
      return true;
    }
    const State mine = is_request ? State::request : State::response;
    if (state_ != mine) return false;
    if (base::trim(line).empty()) {
      transcript_.back().complete = true;
      state_ = is_request ? State::outside : State::body;
    } else {
      add_header_line(transcript_.back(), line);
    }
    return true;
  }

  void start(TranscriptMessage message) {
    message.complete = false;
    message.remote_address = address_;
    message.tls_subject = subject_;
    message.tls_issuer = issuer_;
    message.tls = tls_;
    if (message.is_request && message.request.method != "CONNECT") message.url = std::move(url_);
    if (message.is_request) url_.clear();
    state_ = message.is_request ? State::request : State::response;
    echoed_ = false;
    transcript_.push_back(std::move(message));
  }

  void read_info(std::string_view info) {
    info = base::trim(info);
    if (info.starts_with("Connected to ") || info.starts_with("Established connection to ")) {
      // "Connected to a.test (192.0.2.1) port 443", since curl 8.16 "(192.0.2.1 port 443)"
      const std::string_view peer = between(info, "(", ")");
      address_ = peer.substr(0, peer.find(' '));
      subject_.clear();
      issuer_.clear();
      tls_ = info.ends_with("port 443") || info.contains("port 443 ") || info.contains("port 443)");
    } else if (info.starts_with("SSL connection using") || info.contains("TLS handshake")) {
      tls_ = true;
    } else if (info.starts_with("subject: ") && subject_.empty()) {
      subject_ = info.substr(info.find(' ') + 1);
    } else if (info.starts_with("issuer: ") && issuer_.empty()) {
      issuer_ = info.substr(info.find(' ') + 1);
    } else if (info.starts_with("Issue another request to this URL: ")) {
      url_ = between(info, "'", "'");
    } else if (info.contains("OPENED stream for http")) {
      url_ = info.substr(info.find("http", info.find("stream for")));
    }
  }

  void read_body(std::string_view line, std::string_view with_end) {
    std::string& body = transcript_.back().response.body;
    if (echoed_ && body.empty() && base::trim(line).empty()) return;
    // A body without a line end is followed on its line by what curl says next.
    for (const std::string_view note : {"* Connection #", "* Closing connection"}) {
      if (const std::size_t at = with_end.find(note); at != std::string_view::npos) {
        with_end = with_end.substr(0, at);
      }
    }
    body += with_end;
  }

  // `curl -v -i` may also print the header section once more, in front of the body.
  static void finish(TranscriptMessage& message) {
    std::string_view body = message.response.body;
    if (message.is_request || !body.starts_with("HTTP/")) return;
    const auto again = parse_start_line(take_line(body));
    if (!again || again->response.status != message.response.status) return;
    while (!body.empty() && !take_line(body).empty()) {
    }
    message.response.body = std::string(body);
  }

  Transcript transcript_;
  State state_ = State::outside;
  bool echoed_ = false;
  std::string address_, url_, subject_, issuer_;
  std::optional<bool> tls_;
};

// "--2026-01-02 03:04:05--  https://a.test/"
std::optional<std::string_view> wget_url(std::string_view line) {
  constexpr std::string_view kStamp = "--dddd-dd-dd dd:dd:dd--  ";
  if (line.size() <= kStamp.size()) return {};
  for (std::size_t i = 0; i < kStamp.size(); ++i) {
    const bool digit = line[i] >= '0' && line[i] <= '9';
    if (kStamp[i] == 'd' ? !digit : line[i] != kStamp[i]) return {};
  }
  return line.substr(kStamp.size());
}

}  // namespace

bool is_curl_verbose(std::string_view text) {
  bool first = true;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (first && line.starts_with("* ")) return true;
    first = first && base::trim(line).empty();
    for (const char prefix : {'>', '<'}) {
      const auto content = behind(prefix, line);
      const auto message = content ? parse_start_line(*content) : std::nullopt;
      if (message && message->is_request == (prefix == '>')) return true;
    }
  }
  return false;
}

Transcript read_curl_verbose(std::string_view text) { return VerboseReader().read(text); }

bool is_wget_log(std::string_view text) {
  while (!text.empty()) {
    if (wget_url(take_line(text))) return true;
  }
  return false;
}

Transcript read_wget_log(std::string_view text) {
  Transcript transcript;
  bool in_header = false;
  std::string address;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (const auto url = wget_url(line)) {
      TranscriptMessage message;
      message.is_request = true;
      message.headers_known = false;
      message.url = base::trim(*url);
      transcript.push_back(std::move(message));
    } else if (line.starts_with("Connecting to ")) {
      address = between(line, ")|", "|");
    }
    if (auto message = parse_start_line(base::trim(line)); message && !message->is_request) {
      message->complete = false;  // wget does not show the body
      message->remote_address = address;
      transcript.push_back(*std::move(message));
      in_header = true;
    } else if (in_header && line.starts_with("  ")) {
      add_header_line(transcript.back(), line.substr(2));
    } else {
      in_header = false;
    }
  }
  return transcript;
}

}  // namespace locksmith::http
