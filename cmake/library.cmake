# liblocksmith.a: the verify path in one archive, with its one header, for other people's programs
# (include/locksmith/verify.hpp). Made of the objects of the folders that it needs.
add_library(liblocksmith STATIC
  $<TARGET_OBJECTS:locksmith_base> $<TARGET_OBJECTS:locksmith_http>
  $<TARGET_OBJECTS:locksmith_credential> $<TARGET_OBJECTS:locksmith_authority>
  $<TARGET_OBJECTS:locksmith_library>)
set_target_properties(liblocksmith PROPERTIES OUTPUT_NAME locksmith EXPORT_NAME verify LINKER_LANGUAGE CXX)
target_include_directories(liblocksmith INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
target_compile_features(liblocksmith INTERFACE cxx_std_17)
target_link_libraries(liblocksmith PRIVATE absl::strings absl::time OpenSSL::Crypto ZLIB::ZLIB Boost::json fmt::fmt tomlplusplus::tomlplusplus)

add_executable(verify_example EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/examples/verify.cpp)
target_link_libraries(verify_example PRIVATE liblocksmith)
set_target_properties(verify_example PROPERTIES CXX_STANDARD 17)
if(LOCKSMITH_TESTS)
  set_target_properties(verify_example PROPERTIES EXCLUDE_FROM_ALL OFF)
  add_test(NAME library.example COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:verify_example>
    -DSOURCE=${PROJECT_SOURCE_DIR} -P ${PROJECT_SOURCE_DIR}/tests/example_test.cmake)
  # As a stranger to this tree: installed, then found by pkg-config and by CMake.
  add_test(NAME library.install COMMAND ${CMAKE_COMMAND} -DBUILD=${PROJECT_BINARY_DIR} -DCXX=${CMAKE_CXX_COMPILER}
    -DSOURCE=${PROJECT_SOURCE_DIR} -DSANITIZE=${LOCKSMITH_SANITIZE} -DMOLD=${MOLD}
    -P ${PROJECT_SOURCE_DIR}/tests/install_test.cmake)
  set_tests_properties(library.install PROPERTIES TIMEOUT 300)
endif()
