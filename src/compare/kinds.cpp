// The weights order what is seen most often when one of two requests is let in; an experiment
// (bisect.hpp) decides where one can be made.
#include "compare/kinds.hpp"

#include <algorithm>

namespace locksmith::compare {

const std::vector<KindInfo>& kinds() {
  using enum Kind;
  static const std::vector<KindInfo> table{
      {key_missing, "key-missing", 36,
       {"missing", "env-unset", "proxy-stripped", "redirect-dropped", "cors-preflight"}},
      {key_defect, "key-defect", 36, {"whitespace", "quoted", "invisible-character", "env-unset",
                                      "placeholder", "malformed", "interpolated", "encoding"}},
      {key_cut, "key-cut", 36, {"malformed", "interpolated", "whitespace"}},
      {key_case, "key-case", 32, {"malformed", "unknown-key"}},
      {key_other_kind, "key-other-kind", 30,
       {"wrong-credential-type", "wrong-environment", "wrong-provider", "missing-scope"}},
      {key_other, "key-other", 26,
       {"unknown-key", "revoked", "expired", "stale-environment", "wrong-environment",
        "missing-scope", "leaked", "not-yet-active", "malformed", "wrong-audience",
        "method-not-permitted", "endpoint-not-enabled", "resource-forbidden", "ip-blocked",
        "referrer-blocked", "plan-required", "billing", "account-suspended", "org-policy",
        "rate-limited", "abuse-blocked", "clock-skew", "bad-signature", "wrong-provider",
        "retired"}},
      {key_place, "key-place", 32, {"wrong-header", "missing", "conflicting-credentials"}},
      {key_scheme, "key-scheme", 32, {"wrong-scheme", "wrong-credential-type", "missing"}},
      // RFC 9110 section 11.1: the scheme is case-insensitive; some servers compare exactly.
      {key_scheme_case, "key-scheme-case", 10, {"wrong-scheme"}},
      {key_user, "key-user", 22, {"incomplete-credential", "wrong-credential-type", "encoding"}},
      {second_credential, "second-credential", 22,
       {"conflicting-credentials", "incomplete-credential", "gateway-auth",
        "missing-required-header"}},
      {signature_scope, "signature-scope", 26, {"bad-signature", "wrong-environment", "wrong-endpoint"}},
      {authentication, "authentication", 28,
       {"wrong-scheme", "conflicting-credentials", "missing", "bad-signature"}},
      {client_certificate, "client-certificate", 26, {"client-certificate"}},
      {required_header, "required-header", 26, {"missing-required-header", "incomplete-credential"}},
      {csrf_header, "csrf-header", 20, {"csrf"}},
      {url_scheme, "url-scheme", 20, {"redirect-dropped", "wrong-endpoint", "waf-blocked"}},
      {host, "host", 24, {"wrong-provider", "wrong-environment", "wrong-endpoint", "unknown-key",
                          "gateway-auth"}},
      {host_header, "host-header", 14, {"wrong-endpoint", "waf-blocked", "bad-signature"}},
      {port, "port", 14, {"wrong-endpoint", "gateway-auth", "wrong-environment"}},
      {method, "method", 16,
       {"method-not-permitted", "cors-preflight", "missing-scope", "csrf", "wrong-endpoint"}},
      {path, "path", 14,
       {"wrong-endpoint", "endpoint-not-enabled", "missing-scope", "resource-forbidden",
        "plan-required", "org-policy"}},
      {path_slash, "path-slash", 14, {"redirect-dropped", "wrong-endpoint"}},
      {path_doubled, "path-doubled", 24, {"wrong-endpoint"}},
      {path_case, "path-case", 14, {"wrong-endpoint"}},
      {query, "query", 8, {"wrong-endpoint", "missing-scope", "resource-forbidden", "interpolated",
                           "missing-required-header", "plan-required"}},
      {origin_header, "origin-header", 12, {"referrer-blocked", "csrf", "waf-blocked"}},
      {cookie, "cookie", 10, {"csrf", "conflicting-credentials", "gateway-auth", "missing"}},
      {user_agent, "user-agent", 8, {"waf-blocked", "missing-required-header"}},
      {content_type, "content-type", 8, {"missing-required-header", "csrf", "bad-signature"}},
      {accept, "accept", 4, {"missing-required-header", "waf-blocked"}},
      {other_header, "other-header", 6,
       {"missing-required-header", "waf-blocked", "incomplete-credential", "csrf", "gateway-auth"}},
      {body, "body", 4,
       {"missing-scope", "resource-forbidden", "plan-required", "waf-blocked", "bad-signature",
        "endpoint-not-enabled", "incomplete-credential"}},
      {http_version, "http-version", 2, {"waf-blocked", "proxy-stripped"}},
      {proxy, "proxy", 14, {"proxy-stripped", "gateway-auth", "ip-blocked", "waf-blocked"}},
      {way, "way", 14, {"wrong-endpoint", "gateway-auth", "wrong-environment"}},
      {source, "source", 14, {"ip-blocked", "region-blocked", "abuse-blocked"}},
      {tls, "tls", 2, {"gateway-auth"}},
      {noise, "noise", 0, {"waf-blocked"}},
  };
  return table;
}

const KindInfo& info(Kind kind) { return *std::ranges::find(kinds(), kind, &KindInfo::kind); }

}  // namespace locksmith::compare
