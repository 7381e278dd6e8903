// Reads an AWS Signature Version 4, from the Authorization header or from a presigned URL.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "http/message.hpp"

namespace locksmith::credential {

struct SigV4 {
  bool presigned = false;
  std::string algorithm;                    // AWS4-HMAC-SHA256
  std::string access_key_id;                // AKIA… long-term, ASIA… temporary
  std::string scope_date;                   // yyyymmdd
  std::string region, service, terminator;  // terminator: aws4_request
  std::vector<std::string> signed_headers;  // lower case
  std::string signature;                    // 64 hex digits
  bool has_session_token = false;
  std::optional<base::Time> date;                 // X-Amz-Date
  std::optional<std::chrono::seconds> valid_for;  // X-Amz-Expires, presigned only
};

std::optional<SigV4> read_sigv4(const http::Request& request);

}  // namespace locksmith::credential
