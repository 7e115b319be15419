# `make demo` and `make test` are the two commands a newcomer needs; each sets up what it uses.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8765
JOBS ?= 6
TESTS ?= tests
VENV := .venv
BIN := $(VENV)/bin
CODE := bot handlers blocks tests benchmarks
# Without dependencies: the lock is complete, and pip before 25 refuses extras of transitive packages in hash mode.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
LOCK := uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-strip-extras

.PHONY: help demo tour test bench soak check format-check lint types contracts format lock rows screenshots tools

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.locked ## the bot in a playground, on http://127.0.0.1:8765 (PORT=)
	@$(BIN)/python -m bot demo --port $(PORT)

tour: $(VENV)/.locked ## drive a playground through six steps and check each (URL= of a running one)
	@$(BIN)/python -m bot tour --url "$(URL)"

test: $(VENV)/.locked-dev tools ## all tests (TESTS= for some, JOBS= processes)
	@$(BIN)/python -m tests.again -q --inline-snapshot=disable -n $(JOBS) --dist worksteal $(TESTS)

bench: $(VENV)/.locked-dev tools ## measure against the references and write docs/performance.md (QUICK=1, ROUNDS=, ONLY="S1 S2")
	@$(BIN)/python -m benchmarks $(ONLY) $(if $(QUICK),--size quick) $(if $(ROUNDS),--rounds $(ROUNDS)) --into docs/performance.md

soak: $(VENV)/.locked-dev tools ## ten minutes of kills and faults on three replicas (SECONDS=, SEED= to repeat one)
	@$(BIN)/python -m tests.soak $(if $(SECONDS),--seconds $(SECONDS)) $(if $(SEED),--seed $(SEED))

check: format-check lint types contracts test ## what has to be green before a commit

format-check: $(VENV)/.locked-dev
	@$(BIN)/ruff format --check $(CODE)

lint: $(VENV)/.locked-dev
	@$(BIN)/ruff check $(CODE)

types: $(VENV)/.locked-dev
	@$(BIN)/mypy

contracts: $(VENV)/.locked-dev
	@$(BIN)/lint-imports

format: $(VENV)/.locked-dev ## format the code and mend what can be mended by itself
	@$(BIN)/ruff format $(CODE)
	@$(BIN)/ruff check --fix $(CODE)

lock: ## resolve pyproject.toml into the two lock files again (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/"; exit 1; }
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --extra dev pyproject.toml -o requirements-dev.lock

rows: $(VENV)/.locked-dev tools ## run the tests of faults and attacks, and write docs/faults.md and docs/attacks.md
	@$(BIN)/python -m pytest -q -p tests.rows.recorder --inline-snapshot=disable -n $(JOBS) --dist worksteal $(TESTS); \
		code=$$?; $(BIN)/python -m tests.rows; exit $$code

screenshots: $(VENV)/.locked-dev tools ## take the pictures of the documentation again
	@$(BIN)/python -m tests.playground.screenshots docs/images

tools:
	@.ci/system-tools chromium redis-server

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Greenlight needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.locked: requirements.lock | $(BIN)/python
	@echo "Installing what requirements.lock names into $(VENV), once (about a minute) …"
	@$(INSTALL) -r requirements.lock
	@touch $@

$(VENV)/.locked-dev: requirements-dev.lock $(VENV)/.locked
	@echo "Installing what requirements-dev.lock names into $(VENV), once (some minutes) …"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@
