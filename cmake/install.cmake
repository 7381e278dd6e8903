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
