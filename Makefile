# Everything runs from here; `make help` lists the commands.
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && { command -v $$p; break; }; done)
BIN := .venv/bin
export PYTHONPATH := $(CURDIR)
export PYTHONDONTWRITEBYTECODE :=
PYTEST := $(BIN)/python -m pytest
WORKERS ?= 4

.PHONY: help demo test check journeys pictures bench soak stack requirements migration lock clean
help:  ## List the commands.
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.venv/runtime.stamp: requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with venv is needed (Debian: python3 python3-venv)."; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/runtime.stamp
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.PHONY: assets tools
assets: .venv/runtime.stamp
	@if [ -f shared/ui/assets.py ]; then $(BIN)/python -m shared.ui.assets; fi

tools: .venv/dev.stamp assets
	@bash deploy/setup/test_machine.sh

demo: assets  ## Run all five services with stand-ins and demo data on this machine.
	@$(BIN)/python -m deploy.embedded

stack: tools  ## Run the production profile on this machine: private PostgreSQL and RabbitMQ.
	@$(BIN)/python -m deploy.stack

test: tools  ## Install what is needed and run all tests, journeys and the short fault tests.
	$(PYTEST) tests -n $(WORKERS) --dist loadgroup

check: .venv/dev.stamp  ## Format, lint, types, import contracts, sizes, domain tests.
	$(BIN)/ruff format --check -q . && $(BIN)/ruff check -q .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy shared services deploy
	$(PYTEST) -q tests/architecture tests/*/domain

journeys: tools  ## Walk the registry's journeys in a real browser, on both profiles.
	$(PYTEST) tests -n $(WORKERS) --dist loadgroup -m journey

pictures: tools  ## Take the pictures of docs/pictures anew, from the journeys.
	PICTURES=docs/pictures $(PYTEST) tests/journeys -k embedded

bench: tools  ## Print every speed bar as a ratio to a baseline measured in the same run.
	$(BIN)/python -m tests.benchmarks

soak: tools  ## Run the fault tests in full (T=R1, R2 ...; all, if not told).
	$(BIN)/python -m tests.faults.ledger --long $(T)

requirements: .venv/dev.stamp  ## Print which requirement each test proves.
	@$(BIN)/python -m tests.requirements

migration: .venv/dev.stamp  ## Write a new migration: make migration s=registration m="add ward".
	@$(BIN)/python -m deploy.migrate new $(s) "$(m)"

lock:  ## Make the lock files anew (hashes only, no addresses).
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --group dev pyproject.toml -o requirements-dev.lock
	for set in most nameko web; do $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate tests/benchmarks/peers/$$set.in -o tests/benchmarks/peers/$$set.lock; done

clean:  ## Remove what was installed and made here.
	rm -rf .venv node_modules var shared/ui/static/vendor shared/ui/fonts
