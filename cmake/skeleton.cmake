# The whole file that docs/teach-a-provider.md shows, its one block of TOML, as a C++ source: what
# people read and what `locksmith providers new` writes are the same text.
set(guide ${PROJECT_SOURCE_DIR}/docs/teach-a-provider.md)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${guide})
file(READ ${guide} text)
string(FIND "${text}" "```toml\n" start)
string(FIND "${text}" "\n```\n\nAn intermediary" end)
if(start EQUAL -1 OR end LESS start)
  message(FATAL_ERROR "${guide}: no block ```toml before \"An intermediary\"")
endif()
math(EXPR start "${start} + 8")
math(EXPR length "${end} - ${start} + 1")
string(SUBSTRING "${text}" ${start} ${length} PROVIDER_SKELETON)
configure_file(${CMAKE_CURRENT_SOURCE_DIR}/cli/provider_skeleton.cpp.in
               ${PROJECT_BINARY_DIR}/provider_skeleton.cpp @ONLY)
