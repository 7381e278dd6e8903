# The front door: each target is one script in scripts/, which also runs without make.
# Variables: JOBS (parallel jobs), PREFIX and DESTDIR (install), CASES (accuracy), SECONDS_EACH (fuzz),
# TESTS (test: only those that match this regular expression), LAB (lab: names of scenarios), DEPS=no (never call
# apt-get).

PREFIX ?= /usr/local
export PREFIX DESTDIR JOBS CASES SECONDS_EACH TESTS DEPS LAB

help:               ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile
demo:               ## build the program and watch it at work on requests that fail, on this machine
	@scripts/demo
test:               ## build everything with sanitizers and run all tests; TESTS=REGEX picks some
	@scripts/test
check-catalogue:    ## check catalogue/ alone, for those who teach it a provider
	@scripts/check-catalogue
accuracy:           ## how often the named cause is the true one; CASES=DIR for your own cases
	@scripts/accuracy
bench:              ## how fast: the inside, and the whole next to curl and jq
	@scripts/bench
lab:                ## real servers, one planted fault each: which cause is named, with how many requests
	@scripts/lab
fuzz:               ## run every fuzz target for SECONDS_EACH (60)
	@scripts/fuzz
install:            ## build and install below PREFIX (/usr/local); DESTDIR for packagers
	@scripts/install
format:             ## clang-format the C++ code
	@scripts/format
clean:              ## remove build/
	@rm -rf build

.PHONY: help demo test check-catalogue accuracy bench lab fuzz install format clean
