// Tells a scheme that nobody registered ("KakaoAK", "Api-Token") from the first part of a key that
// a blank has broken: a scheme is shown, a key never. Internal to credential/.
#pragma once

#include <string_view>

namespace locksmith::credential {

// Letters that are written as words: "GoogleLogin", "Custom-Key", "SSWS", "customtoken". Letters at
// random are not, nor is an ordinary word in lower case, which may belong to a passphrase.
bool written_like_scheme(std::string_view word);

}  // namespace locksmith::credential
