# Runs examples/verify.cpp as its head comment says: no key, and one that nobody has.
set(keys ${CMAKE_CURRENT_BINARY_DIR}/example_keys.jsonl)
set(requests ${CMAKE_CURRENT_BINARY_DIR}/example_requests.txt)
file(WRITE ${keys} "{\"kind\":\"account\",\"id\":\"acct_1\"}\n")
file(WRITE ${requests} "GET /v1/orders/7\nGET /health\nGET /v1/orders/7 a-key-that-nobody-has-0123\n")
execute_process(COMMAND ${PROGRAM} ${SOURCE}/docs/locksmith.toml ${keys} INPUT_FILE ${requests}
                OUTPUT_VARIABLE out ERROR_VARIABLE err RESULT_VARIABLE status)
if(NOT status EQUAL 0 OR NOT out MATCHES "^401 [^\n]*\"missing\"[^\n]*\n200 \n401 [^\n]*\"unknown-key\"")
  message(FATAL_ERROR "status ${status}\n${out}${err}")
endif()
