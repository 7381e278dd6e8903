// What the inspectors of the environment share: the values that its variables and files give to
// names. Internal to inspect/.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/inspect.hpp"
#include "inspect/wording.hpp"
#include "settings/setting.hpp"

namespace locksmith::inspect {

// What one reader of a .env file makes of a line where another makes something else of it.
struct Misreading {
  settings::Reader reader;
  settings::Setting setting;
};

// What one place of the environment gives to one name.
struct Value {
  std::string place;  // ".env, line 3", "variable OPENAI_API_KEY"
  std::string name;
  std::string value;  // as most readers of the file give it
  const http::EnvironmentFile* file = nullptr;
  bool quoted = false;           // quotes stand around it
  bool carriage_return = false;  // the line ends in CR LF
  bool comment = false;          // " #…" behind the value
  bool byte_order_mark = false;  // before the first name of the file
  std::vector<Misreading> misreadings;
};
using Values = std::vector<Value>;

Values values_of(const Case& c);
// A .env file or a shell's start-up file.
bool is_dotenv(std::string_view path);

inline bool one_of(catalogue::Strings names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}
// A name that holds a key, and of this API as far as names can tell.
bool holds_key(const Case& c, std::string_view name);

// Each looks for one kind of trouble.
void judge_copies(const Case&, const Values&, diagnosis::Findings&);
void judge_expansion(const Case&, const Values&, diagnosis::Findings&);
void judge_cut_values(const Case&, diagnosis::Findings&);
void judge_other_keys_in_files(const Case&, diagnosis::Findings&);
void judge_lines(const Case&, const Values&, diagnosis::Findings&);
void judge_not_loaded(const Case&, const Values&, diagnosis::Findings&);
void judge_base_urls(const Case&, const Values&, diagnosis::Findings&);
void judge_address_lists(const Case&, diagnosis::Findings&);
void judge_cleared_headers(const Case&, diagnosis::Findings&);
void judge_netrc(const Case&, diagnosis::Findings&);
void judge_unset_references(const Case&, diagnosis::Findings&);
void judge_secret_manifests(const Case&, diagnosis::Findings&);
void judge_processes(const Case&, const Values&, diagnosis::Findings&);

}  // namespace locksmith::inspect
