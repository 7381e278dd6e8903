// One easy handle of libcurl: options in, information out, nothing to free by hand.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "probe/curl_library.hpp"

namespace locksmith::probe {

class CurlHandle {
 public:
  explicit CurlHandle(const CurlLibrary& curl) : curl_(curl), handle_(curl.easy_init()) {}
  ~CurlHandle() {
    curl_.easy_cleanup(handle_);
    for (curl_slist* list : lists_) curl_.slist_free_all(list);
  }
  CurlHandle(const CurlHandle&) = delete;
  CurlHandle& operator=(const CurlHandle&) = delete;

  const CurlLibrary& library() const { return curl_; }
  CURLcode perform() { return curl_.easy_perform(handle_); }

  template <class T>
  void set(CURLoption option, T value) {
    CURLcode code;
    if constexpr (std::is_integral_v<T>) {
      code = curl_.easy_setopt(handle_, option, static_cast<long>(value));
    } else {
      code = curl_.easy_setopt(handle_, option, value);
    }
    if (code != CURLE_OK) refused_option_ = code;
  }
  // An empty text leaves the option as it is.
  void set(CURLoption option, const std::string& value) {
    if (!value.empty()) set(option, value.c_str());
  }
  void set_list(CURLoption option, const std::vector<std::string>& values) {
    if (values.empty()) return;
    curl_slist* list = nullptr;
    for (const std::string& value : values) list = curl_.slist_append(list, value.c_str());
    lists_.push_back(list);
    set(option, list);
  }
  // Set when libcurl refused an option: a limit or a rule would not hold, so nothing may be sent.
  std::optional<CURLcode> refused_option() const { return refused_option_; }

  template <class T>
  T get(CURLINFO info) const {
    T value{};
    curl_.easy_getinfo(handle_, info, &value);
    return value;
  }
  std::string get_text(CURLINFO info) const {
    const char* text = get<const char*>(info);
    return text ? text : "";
  }
  // Of the server's own certificate: "Subject:", "Issuer:", "Expire date:". Wants CURLOPT_CERTINFO.
  std::string certificate_field(std::string_view name) const {
    const auto* chain = get<curl_certinfo*>(CURLINFO_CERTINFO);
    if (!chain || chain->num_of_certs < 1) return "";
    for (const curl_slist* field = chain->certinfo[0]; field; field = field->next) {
      const std::string_view text = field->data;
      if (text.starts_with(name)) return std::string(text.substr(name.size()));
    }
    return "";
  }

 private:
  const CurlLibrary& curl_;
  CURL* handle_;
  std::vector<curl_slist*> lists_;
  std::optional<CURLcode> refused_option_;
};

}  // namespace locksmith::probe
