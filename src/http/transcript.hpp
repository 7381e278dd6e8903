// Reads what tools print of HTTP into messages in the order they were sent; raw_exchange.cpp makes
// exchanges of them. Internal to http/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace locksmith::http {

struct TranscriptMessage {
  bool is_request = false;
  bool headers_known = true;  // false: the tool (wget -S) told only the URL of a request
  bool complete = true;       // the empty line behind the header section was there
  Request request;            // `url` holds the target until the exchange is put together
  Response response;
  std::string url;  // what the tool said that it requests; empty: not said
  std::string remote_address;
  std::string tls_subject, tls_issuer;  // of the server's certificate, if it was told
  std::optional<bool> tls;              // unknown: nothing was said of it
};
using Transcript = std::vector<TranscriptMessage>;

// The first line of a message; nothing when it is none.
std::optional<TranscriptMessage> parse_start_line(std::string_view line);
// One line of a header section, without its line end.
void add_header_line(TranscriptMessage& message, std::string_view line);
// Cuts the next line off `text`; the line end (LF or CRLF) is not part of it.
std::string_view take_line(std::string_view& text);
// Name, colon, value (RFC 9110 section 5.1).
bool is_header_line(std::string_view line);

// Messages as on the wire: `curl -i`, HTTPie, a saved request and its response.
Transcript read_plain_transcript(std::string_view text);

bool is_curl_verbose(std::string_view text);
Transcript read_curl_verbose(std::string_view text);

bool is_wget_log(std::string_view text);
Transcript read_wget_log(std::string_view text);

}  // namespace locksmith::http
