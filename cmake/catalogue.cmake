# The catalogue as constant data of the program: tools/catalogue_compiler.cpp turns catalogue/ into
# C++ sources. The providers are spread over a fixed number of files, so that one can be changed
# without compiling all of them anew.
set(LOCKSMITH_CATALOGUE_PARTS 12)
set(generated ${PROJECT_BINARY_DIR}/catalogue)
file(GLOB_RECURSE catalogue_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/catalogue/*.toml
     ${PROJECT_SOURCE_DIR}/catalogue/*.md)
set(generated_sources ${generated}/index.cpp ${generated}/causes.cpp ${generated}/intermediaries.cpp)
math(EXPR last_part "${LOCKSMITH_CATALOGUE_PARTS} - 1")
foreach(part RANGE ${last_part})
  list(APPEND generated_sources ${generated}/providers_${part}.cpp)
endforeach()

file(GLOB compiler_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tools/catalogue_*.cpp)
add_executable(catalogue_compiler ${compiler_sources})
target_link_libraries(catalogue_compiler PRIVATE locksmith_catalogue fmt::fmt)
add_custom_command(
  OUTPUT ${generated}/stamp
  BYPRODUCTS ${generated_sources}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${generated}
  COMMAND catalogue_compiler ${PROJECT_SOURCE_DIR}/catalogue ${generated} ${LOCKSMITH_CATALOGUE_PARTS}
  COMMAND ${CMAKE_COMMAND} -E touch ${generated}/stamp
  DEPENDS catalogue_compiler ${catalogue_files}
  COMMENT "Compiling the catalogue")
add_custom_target(catalogue_sources DEPENDS ${generated}/stamp)
set_source_files_properties(${generated_sources} PROPERTIES GENERATED ON)
add_library(locksmith_catalogue_embedded STATIC ${generated_sources})
add_dependencies(locksmith_catalogue_embedded catalogue_sources)
target_link_libraries(locksmith_catalogue_embedded PUBLIC locksmith_catalogue)
if(TARGET catalogue_tests)
  target_link_libraries(catalogue_tests PRIVATE locksmith_catalogue_embedded)
  target_compile_definitions(catalogue_tests PRIVATE LOCKSMITH_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
endif()
