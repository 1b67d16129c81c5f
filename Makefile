# Two commands on a fresh Debian with git, make and python3 (3.11 or newer): make demo, make test. Nothing before them.
# scripts/bootstrap.py makes .venv out of requirements/*.lock; everything that is made lies inside this tree.
# What the tools are told stands in pyproject.toml.

MACHINE_PYTHON ?= python3
# pytest workers: 0 runs the tests in one process, and in order.
WORKERS ?= 0
BIN := .venv/bin
# What the desk's pages are styled and moved by: built, never copied into the tree.
FRONTEND := src/safehands/desk/build/desk.css
# What the browser's tests need besides: axe, and a browser for machines without one.
BROWSER := frontend/node_modules/axe-core/axe.min.js
FAST_TESTS := $(wildcard tests/test_repo.py tests/unit tests/spec)

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast check tests format reference bench lock clean

help:  ## what there is
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name what; do \
		printf 'make %-10s %s\n' "$$name" "$$what"; done

demo: .venv/demo.ready $(FRONTEND)  ## play the story from the first call to the checked ledger
	$(BIN)/safehands demo

test: check tests  ## everything that must hold: style, types, imports, reference, tests, coverage

test-fast: .venv/test.ready  ## the part that takes under a minute
	$(BIN)/ruff check
	$(BIN)/pytest -q -m "not slow" $(FAST_TESTS)

check: .venv/test.ready  ## the part of `make test` that runs nothing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
ifneq ($(wildcard src/safehands/cli/reference.py),)
	$(BIN)/python -m safehands.cli.reference --check
endif

tests: .venv/test.ready $(FRONTEND) $(BROWSER)  ## the tests alone, with coverage
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(WORKERS) --ignore=tests/bench
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

format: .venv/test.ready  ## put the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

reference: .venv/test.ready  ## write docs/reference again from the code
	$(BIN)/python -m safehands.cli.reference
	$(BIN)/python scripts/describe_sentences.py
	$(BIN)/python scripts/catalogue.py update

bench: .venv/bench.ready  ## how it compares, measured in one run (BENCH=quick: small sizes, nothing kept)
	$(BIN)/pytest -q tests/bench
	$(BIN)/python -m bench.run

lock: pyproject.toml  ## compile requirements/*.lock again from pyproject.toml
	$(MACHINE_PYTHON) scripts/bootstrap.py lock

clean:  ## remove everything that make made
	rm -rf frontend/node_modules src/safehands/desk/build .venv .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

$(FRONTEND): frontend/package.json frontend/package-lock.json $(wildcard frontend/src/*) $(wildcard src/safehands/desk/locale/*/*/*.po) scripts/build_frontend.py | .venv/demo.ready
	$(BIN)/python scripts/build_frontend.py

$(BROWSER): frontend/package-lock.json $(FRONTEND) | .venv/test.ready
	$(BIN)/python scripts/build_frontend.py --tests
	touch $(FRONTEND) $@

.venv/%.ready: requirements/uv.lock requirements/%.lock pyproject.toml scripts/bootstrap.py
	@$(MACHINE_PYTHON) scripts/bootstrap.py $*
