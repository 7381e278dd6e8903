# What `make install` puts where: the program, its manual page, and completions for three shells.
# The program is built at the top of the build folder, where scripts and people look for it.
include(GNUInstallDirs)
# `locksmith serve` looks for locksmithd beside itself.
foreach(program locksmith locksmithd)
  if(TARGET ${program})
    set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()
install(FILES docs/locksmith.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES completions/locksmith.bash RENAME locksmith
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES completions/_locksmith DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES completions/locksmith.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# liblocksmith, the component `library`: one header, one archive, and how pkg-config and CMake find them. The header's
# version file keeps to semantic versions: what was compiled with 0.1 compiles with 0.1.x.
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/locksmith)
install(TARGETS liblocksmith EXPORT locksmithTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        COMPONENT library)
install(DIRECTORY include/locksmith DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library)
install(EXPORT locksmithTargets NAMESPACE locksmith:: DESTINATION ${package_folder} COMPONENT library)
# Relative, since `cmake --install --prefix` may say another prefix than the one of the build.
file(RELATIVE_PATH LOCKSMITH_PREFIX_FROM_PC /p/${CMAKE_INSTALL_LIBDIR}/pkgconfig /p)
configure_file(cmake/locksmith.pc.in ${PROJECT_BINARY_DIR}/locksmith.pc @ONLY)
configure_file(cmake/locksmithConfig.cmake.in ${PROJECT_BINARY_DIR}/locksmithConfig.cmake @ONLY)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/locksmithConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/locksmith.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT library)
install(FILES ${PROJECT_BINARY_DIR}/locksmithConfig.cmake
              ${PROJECT_BINARY_DIR}/locksmithConfigVersion.cmake DESTINATION ${package_folder}
        COMPONENT library)
