# Everything a newcomer needs; `make` alone lists it.
# Works on a machine with Python 3.11 or newer, make and git.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
NODE_INSTALLED := $(VENV)/.node-installed
MESSAGES := $(wildcard locale/*/LC_MESSAGES/*.po)
PO_COMPILED := $(MESSAGES:.po=.mo)

.PHONY: help setup run test check lint types imports messages migrations docs bench \
	bench-full timefold lock system codes format

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | \
		awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

setup: $(INSTALLED) $(PO_COMPILED) system $(NODE_INSTALLED)  ## install everything (quick when done)

run: $(INSTALLED) $(PO_COMPILED)  ## demo region, planned week, site on port 8000, three workers
	@exec $(BIN)/python manage.py gem

codes:  ## current sign-in codes of the demo accounts
	@$(BIN)/python manage.py demo_codes

test: setup  ## all tests
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

check: setup lint types imports messages migrations docs  ## all checks except the tests
	@echo "All checks passed."

lint: $(INSTALLED)  ## style, and the layout ruff keeps
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(INSTALLED)  ## lay out the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

types: $(INSTALLED)  ## types; strict in the solver and its adapters
	@$(BIN)/mypy

imports: $(INSTALLED)  ## who may import whom
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

messages: $(INSTALLED)  ## every text is translated
	@$(BIN)/python tools/messages.py check

migrations: $(INSTALLED)  ## the models need no new migration
	@$(BIN)/python manage.py makemigrations --check --dry-run

docs: $(INSTALLED)  ## the generated reference is up to date
	@$(BIN)/python manage.py write_reference --check

bench: $(INSTALLED) timefold  ## measure one region, compare with the committed rows (25 minutes, goes on where it was)
	@$(BIN)/python -m benchmarks.run --suite bench $(BENCH_ARGS)

bench-full: $(INSTALLED) timefold  ## the same for every size, mode and regime (at most 2.25 hours, goes on where it was)
	@$(BIN)/python -m benchmarks.run --suite full $(BENCH_ARGS)

timefold: $(INSTALLED)  ## install the other solver that benchmarks compare with (Java 17)
	@bash tools/timefold.sh || echo "Rows of Timefold will say that it is missing."

lock:  ## write requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --group dev \
		--generate-hashes --custom-compile-command "make lock" -o requirements.lock

system:
	@bash tools/system_programs.sh

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12"; exit 1; }
	@# Debian keeps venv's own pip apart in python3-venv.
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		[ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && \
		apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null && \
		$(PYTHON) -m venv $(VENV); } || \
		{ echo "First install venv: sudo apt-get install python3-venv"; exit 1; }

$(INSTALLED): requirements.lock | $(BIN)/python
	@echo "Installing Python packages"
	@$(BIN)/python -m pip install -q --disable-pip-version-check \
		--require-hashes -r requirements.lock
	@touch $@

$(NODE_INSTALLED): package-lock.json | system $(INSTALLED)
	@if command -v npm >/dev/null; then \
		npm ci --ignore-scripts --no-audit --no-fund --silent && touch $@; \
	else echo "npm is missing: tests in Node will be skipped"; fi

locale/%.mo: locale/%.po | $(INSTALLED)
	@$(BIN)/python tools/messages.py compile
