// How well-known keys begin: from the vendors' public documentation, as gitleaks
// (https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml) and GitHub's secret
// scanning (https://docs.github.com/en/code-security/secret-scanning) list them.
#include <algorithm>
#include <array>
#include <bitset>

#include "credential/secret_names.hpp"

namespace locksmith::credential {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_alnum(char c) { return is_letter(c) || is_digit(c); }

constexpr auto kPrefixes = std::to_array<KnownPrefix>({
    {"ghp_", 20},
    {"gho_", 20},
    {"ghu_", 20},
    {"ghs_", 12},
    {"ghr_", 20},
    {"github_pat_", 20},
    {"glpat-", 16},
    {"gldt-", 16},
    {"glrt-", 16},
    {"glcbt-", 16},
    {"glptt-", 16},
    {"sk-proj-", 16},
    {"sk-svcacct-", 16},
    {"sk-admin-", 16},
    {"sk-None-", 16},
    {"sk-", 16},
    {"sk-ant-api03-", 16},
    {"sk-ant-admin01-", 16},
    {"sk-ant-oat01-", 16},
    {"sk-ant-ort01-", 16},
    {"sk-ant-", 16},
    {"sk-or-v1-", 16},
    {"sk-lf-", 16},
    {"sk_live_", 10},
    {"sk_test_", 10},
    {"rk_live_", 10},
    {"rk_test_", 10},
    {"pk_live_", 10},
    {"pk_test_", 10},
    {"whsec_", 16},
    {"xoxb-", 10},
    {"xoxp-", 10},
    {"xoxa-", 10},
    {"xoxr-", 10},
    {"xoxs-", 10},
    {"xoxe.", 10},
    {"xoxc-", 10},
    {"xoxd-", 10},
    {"xapp-", 10},
    {"AKIA", 16},
    {"ASIA", 16},
    {"ABIA", 16},
    {"ACCA", 16},
    {"AIza", 35},
    {"ya29.", 16},
    {"ya29.c.", 16},
    {"ya29.a0", 16},
    {"GOCSPX-", 20},
    {"npm_", 30},
    {"pypi-AgEIcHlwaS5vcmc", 16},
    {"pypi-AgENdGVzdC5weXBpLm9yZw", 16},
    {"pypi-", 30},
    {"SG.", 20},
    {"hf_", 20},
    {"api_org_", 20},
    {"dop_v1_", 20},
    {"doo_v1_", 20},
    {"dor_v1_", 20},
    {"shpat_", 16},
    {"shpss_", 16},
    {"shpca_", 16},
    {"shppa_", 16},
    {"key-", 32},
    {"EAAA", 30},
    {"EAAC", 30},
    {"sq0atp-", 16},
    {"sq0csp-", 16},
    {"lin_api_", 20},
    {"lin_oauth_", 20},
    {"ntn_", 20},
    {"secret_", 30},
    {"r8_", 20},
    {"gsk_", 20},
    {"pplx-", 20},
    {"xai-", 20},
    {"tvly-", 16},
    {"m0-", 20},
    {"nvapi-", 20},
    {"dckr_pat_", 16},
    {"dckr_oat_", 16},
    {"hvs.", 20},
    {"hvb.", 20},
    {"hvr.", 20},
    {"ATATT3xFfGF0", 16},
    {"ATCTT3xFfGF0", 16},
    {"ATBB", 20},
    {"figd_", 16},
    {"pat-eu1-", 16},
    {"pat-na1-", 16},
    {"patE", 40},
    {"PMAK-", 20},
    {"rubygems_", 20},
    {"sntrys_", 20},
    {"sntryu_", 20},
    {"dapi", 32},
    {"ops_ey", 40},
    {"phc_", 20},
    {"phx_", 20},
    {"pscale_tkn_", 16},
    {"pscale_pw_", 16},
    {"sbp_", 30},
    {"sb_secret_", 16},
    {"tfp_", 30},
    {"vcp_", 20},
    {"re_", 30},
    {"fly_", 40},
    {"CFPAT-", 20},
    {"NRAK-", 20},
    {"glsa_", 20},
    {"glc_", 30},
    {"eyJ", 20},
    {"ck_", 40},
    {"cs_", 40},
    {"lks_live_", 16},
    {"lks_test_", 16},
});

}  // namespace

bool looks_random(std::string_view value) {
  if (const KnownPrefix prefix = known_prefix(value);
      !prefix.text.empty() && value.size() >= prefix.text.size() + prefix.min_rest) {
    return true;
  }
  if (value.size() < 16) return false;
  const auto in_alphabet = [](char c) {
    return is_alnum(c) || std::string_view("_-./+=~|").contains(c);
  };
  if (!std::ranges::all_of(value, in_alphabet)) return false;
  const auto digits = std::ranges::count_if(value, is_digit);
  const auto letters = std::ranges::count_if(value, is_letter);
  return digits >= 2 && letters >= 2 && std::ranges::count(value, '/') <= 3 &&
         !value.starts_with('/') && !value.starts_with('.');
}

KnownPrefix known_prefix(std::string_view value) {
  // Asked of every word of a text: most begin as no key does.
  static const std::bitset<256> first = [] {
    std::bitset<256> set;
    for (const KnownPrefix& prefix : kPrefixes) set.set(static_cast<unsigned char>(prefix.text[0]));
    return set;
  }();
  KnownPrefix best;
  if (value.empty() || !first.test(static_cast<unsigned char>(value[0]))) return best;
  for (const KnownPrefix& prefix : kPrefixes) {
    if (prefix.text.size() > best.text.size() && value.starts_with(prefix.text)) best = prefix;
  }
  return best;
}

}  // namespace locksmith::credential
