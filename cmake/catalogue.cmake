# The catalogue as constant data of the program: tools/catalogue_compiler.cpp turns catalogue/ into
# C++ sources. The providers are spread over a fixed number of files, so that one can be changed
# without compiling all of them anew.
set(LOCKSMITH_CATALOGUE_PARTS 12)

add_executable(catalogue_compiler ${PROJECT_SOURCE_DIR}/tools/catalogue_compiler.cpp
                                  ${PROJECT_SOURCE_DIR}/tools/catalogue_emit.cpp)
target_link_libraries(catalogue_compiler PRIVATE locksmith_catalogue fmt::fmt)

# A library that defines locksmith::catalogue::embedded() as what `folder` holds.
function(locksmith_embed_catalogue name folder)
  set(out ${PROJECT_BINARY_DIR}/${name})
  file(GLOB_RECURSE inputs CONFIGURE_DEPENDS ${folder}/*.toml ${folder}/*.md)
  set(sources ${out}/index.cpp ${out}/causes.cpp ${out}/intermediaries.cpp)
  math(EXPR last_part "${LOCKSMITH_CATALOGUE_PARTS} - 1")
  foreach(part RANGE ${last_part})
    list(APPEND sources ${out}/providers_${part}.cpp)
  endforeach()
  # The compiler leaves sources alone that did not change: the stamp is what is always new.
  add_custom_command(
    OUTPUT ${out}/stamp
    BYPRODUCTS ${sources}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${out}
    COMMAND catalogue_compiler ${folder} ${out} ${LOCKSMITH_CATALOGUE_PARTS}
    COMMAND ${CMAKE_COMMAND} -E touch ${out}/stamp
    DEPENDS catalogue_compiler ${inputs}
    COMMENT "Compiling the catalogue ${folder}")
  add_custom_target(${name}_sources DEPENDS ${out}/stamp)
  set_source_files_properties(${sources} PROPERTIES GENERATED ON)
  add_library(${name} STATIC ${sources})
  add_dependencies(${name} ${name}_sources)
  target_link_libraries(${name} PUBLIC locksmith_catalogue)
endfunction()

locksmith_embed_catalogue(locksmith_catalogue_embedded ${PROJECT_SOURCE_DIR}/catalogue)
if(TARGET catalogue_tests)
  target_link_libraries(catalogue_tests PRIVATE locksmith_catalogue_embedded)
  target_compile_definitions(catalogue_tests PRIVATE LOCKSMITH_SOURCE_DIR="${PROJECT_SOURCE_DIR}")

  set(fixture ${PROJECT_SOURCE_DIR}/tests/catalogue_fixture)
  locksmith_embed_catalogue(catalogue_fixture_embedded ${fixture})
  add_executable(catalogue_emit_tests ${PROJECT_SOURCE_DIR}/tools/catalogue_emit_test.cpp
                                      ${PROJECT_SOURCE_DIR}/tools/catalogue_emit.cpp)
  target_link_libraries(catalogue_emit_tests PRIVATE catalogue_fixture_embedded fmt::fmt GTest::gtest_main)
  target_compile_definitions(catalogue_emit_tests PRIVATE LOCKSMITH_FIXTURE="${fixture}")
  gtest_discover_tests(catalogue_emit_tests TEST_PREFIX "catalogue_emit." DISCOVERY_TIMEOUT 60)
endif()
