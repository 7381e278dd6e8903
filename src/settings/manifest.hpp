// Kubernetes manifests: YAML or JSON that holds one object or several, in which the `data` of a
// Secret is base64. What a pod gets is what is meant.
// https://kubernetes.io/docs/concepts/configuration/secret/
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "settings/setting.hpp"

namespace locksmith::settings {

bool is_manifest(std::string_view text);

// One of several YAML documents in a text.
struct Document {
  std::string_view text;
  int first_line = 1;  // of the whole text
};
std::vector<Document> documents_of(std::string_view text);

// Of the settings of one document: values under `data` of a Secret are decoded, also in a List of
// objects; a name that `stringData` has as well leaves `data`. What is sealed is not `known`.
void decode_secrets(std::vector<Setting>& settings);

// All objects of a manifest, decoded. Where there are several, a setting's name starts with its
// object's: "Secret.api.data.TOKEN".
Result<std::vector<Setting>> read_manifest(std::string_view text, Format format);

// As a program gets them: of a manifest in YAML or JSON what read_manifest() gives, else what
// read_settings() does.
Result<std::vector<Setting>> read_values(std::string_view text, Format format);

}  // namespace locksmith::settings
