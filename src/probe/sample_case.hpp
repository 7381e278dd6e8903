// A provider and a refused request, for the tests of this folder.
#pragma once

#include <array>
#include <string>

#include "inspect/inspect.hpp"

namespace locksmith::probe {

// "Acme" wants `Authorization: Bearer acme_live_…`; who the key belongs to is told by /v1/me.
struct Sample {
  explicit Sample(std::string url, std::vector<http::Header> headers = {},
                  std::string method = "GET") {
    http::Exchange exchange;
    exchange.request.url = std::move(url);
    exchange.request.method = std::move(method);
    for (http::Header& header : headers) exchange.request.headers.push_back(std::move(header));
    exchange.response.status = 401;
    exchange.response.body = R"({"error":"invalid_api_key"})";
    bundle.exchanges = {exchange};

    placement.place = credential::Place::header;
    placement.name = "Authorization";
    placement.scheme = "Bearer";
    kinds[0].kind = "live-key";
    kinds[0].prefix = "acme_live_";
    companion.name = "Acme-Version";
    companion.example = "2026-01-01";
    provider.slug = "acme";
    provider.hosts = hosts;
    provider.placements = {&placement, 1};
    provider.keys = kinds;
    provider.companions = {&companion, 1};
    provider.whoami.method = "GET";
    provider.whoami.url = "https://api.acme.test/v1/me";
    known.providers = {&provider, 1};
  }
  Sample(const Sample&) = delete;

  inspect::Case open() const { return inspect::Case(bundle, known); }
  const http::Exchange& original() const { return bundle.failure(); }

  http::Bundle bundle;
  std::array<std::string_view, 1> hosts = {"api.acme.test"};
  catalogue::Placement placement;
  std::array<catalogue::KeyKind, 1> kinds;
  catalogue::Companion companion;
  catalogue::Provider provider;
  catalogue::Catalogue known;
};

inline const std::string sample_key = std::string("acme_live_") + "Zx81kQ" + std::string(20, 'q');
inline http::Header bearer(const std::string& key) { return {"Authorization", "Bearer " + key}; }

}  // namespace locksmith::probe
