# `make run` and `make test` are all that a newcomer needs; both install what is missing.

# Ports of `make run`: browsers, the control port, and CherryChat itself.
HTTP_PORT ?= 8000
OP_PORT ?= 9000
APP_PORT ?= 4700

SWIFT_FILES = Package.swift Sources Tests clients/swift clients/javascript/swiftpm conformance
PYTHON_FILES = clients/python clients/examples conformance Benchmarks .ci/chat .ci/check-imports .ci/check-readme
PORTS = --http-port $(HTTP_PORT) --op-port $(OP_PORT) --app-port $(APP_PORT)
RELEASE = .build/release/orbited

.DEFAULT_GOAL := help
.PHONY: help run build test test-swift test-python test-ruby test-javascript test-browsers test-conformance test-benchmarks bench check format clean release

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: ## start Orbited with the chat CherryChat behind it; HTTP_PORT=8000 OP_PORT=9000 APP_PORT=4700 are its ports
	@.ci/setup run
	@.venv/bin/python .ci/chat $(PORTS)
	@$(MAKE) --no-print-directory release
	@.venv/bin/python .ci/chat $(PORTS) $(RELEASE)

build: ## build the server for use, at .build/release/orbited
	@.ci/setup build
	@$(MAKE) --no-print-directory release

test: ## run everything that can fail: make check, then all tests
	@.ci/setup test
	@.ci/test all

test-swift: ## run the Swift tests alone
	@.ci/setup build
	@.ci/test swift

test-python: ## run the tests of the Python client alone, against a debug build of the server
	@.ci/setup test
	@.ci/test python

test-ruby: ## run the tests of the Ruby client alone, against a debug build of the server
	@.ci/setup test
	@.ci/test ruby

test-javascript: ## run the tests of orbited.js that need no browser, print the size of its builds, and test orbited/node
	@.ci/setup test
	@.ci/test javascript

test-browsers: ## run orbited.js and plain pages in Chromium, Firefox and WebKit; prints a table
	@.ci/setup test
	@.ci/test browsers

test-conformance: ## run the conformance suite against the server, the client libraries and the liars
	@.ci/setup test
	@.ci/test conformance

test-benchmarks: ## run the tests of the benchmark, and hold a debug build of the server to its budgets
	@.ci/setup test
	@.ci/test benchmarks

bench: ## measure Orbited beside nginx with nchan and the bare system; ARGUMENTS=--quick, ARGUMENTS=--help
	@.ci/setup bench
	@$(MAKE) --no-print-directory release
	@.ci/python Benchmarks/bench.py $(ARGUMENTS)

check: ## run every linter: layers, formats, types, spelling, specification, README
	@.ci/setup check
	@.ci/check

format: ## format the Swift and Python sources in place
	@.ci/setup check
	swift format --in-place --parallel --recursive $(SWIFT_FILES)
	.venv/bin/ruff check --fix $(PYTHON_FILES)
	.venv/bin/ruff format $(PYTHON_FILES)

clean: ## remove what was built, and the Python environment
	rm -rf .build .venv .venv-python27 Benchmarks/.build
	find . -type d '(' -name __pycache__ -o -name .mypy_cache -o -name .ruff_cache -o -name .pytest_cache -o -name .hypothesis ')' -prune -exec rm -rf '{}' +

release:
	@.ci/python .ci/check-imports
	swift build -c release --product orbited --explicit-target-dependency-import-check error
	@echo "built $(RELEASE)"
