// A key that is one of a file's settings: found by its name, as a program gets it.
#pragma once

#include <string>
#include <string_view>

#include "keyring/key_source.hpp"
#include "settings/setting.hpp"

namespace locksmith::keyring {

// An empty name: the one setting that the file holds. Errors: the name is not there, is ambiguous,
// or its value is put in only where it is used (`${OTHER}`), so that the text is no key.
Result<NamedKey> key_in_settings(const std::string& path, std::string_view text,
                                 settings::Format format, std::string_view name);

}  // namespace locksmith::keyring
