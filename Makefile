# Every command of the project. `make demo` needs Python 3.11 or newer, and nothing else.
SHELL := /bin/bash
# The distribution's before one built by hand: it was optimised by a profile of itself, as the
# image's, without which every answer takes a tenth longer.
CANDIDATES = /usr/bin/python3.11 python3.11 /usr/bin/python3 python3
USABLE = -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
PYTHON := $(shell for one in $(CANDIDATES); do \
	if $$one $(USABLE); then command -v $$one; exit; fi; done; command -v python3)
BIN := .venv/bin
# The apps and this room, without the tests: what is searched for security faults.
ROOMS = $(filter-out tests,$(patsubst %/__init__.py,%,$(wildcard */__init__.py)))
# One test process for each core of the smallest machine that we care for.
WORKERS ?= 2
PYTEST = $(BIN)/python -m pytest -p ops.pytest_plugin --numprocesses $(WORKERS) --dist loadfile
LOCK = $(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 --no-emit-index-url \
	--no-emit-find-links --custom-compile-command 'make lock'

.PHONY: help setup environment frontend demo demo-reset test test-deep check lock clean

help:
	@echo "make demo        the demo on http://127.0.0.1:8000 (PORT= changes it); Ctrl-C stops it"
	@echo "make demo-reset  the same, with the demo's data made anew"
	@echo "make setup       virtualenv, locked requirements, front end; quick when nothing changed"
	@echo "make test        every test; ARGS= goes to pytest"
	@echo "make test-deep   the long tier"
	@echo "make check       style, types, floors, templates, migrations, API schema, security"
	@echo "make lock        lock the requirements again"
	@echo "make frontend    build styles and scripts, if they changed"
	@echo "make clean       remove what was built; the demo's data stays"

setup: environment frontend

environment:
	@$(if $(PYTHON),,$(error Throughline needs Python 3.11 or newer: there is no python3))\
	$(PYTHON) -m ops.environment

frontend: environment
	@$(BIN)/python -m ops.frontend

# exec: so that a signal to this line's process is one to the launcher.
demo: environment
	@exec $(BIN)/python -m ops.demo

demo-reset: environment
	@exec $(BIN)/python -m ops.demo --reset

test: setup
	@$(PYTEST) -m "not deep" $(ARGS)

test-deep: setup
	@HYPOTHESIS_PROFILE=deep $(PYTEST) -m deep $(ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/bandit --quiet --recursive -ll $(ROOMS)
	DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python -m ops.stack --throwaway -- \
		bash -ec 'python manage.py makemigrations --check --dry-run; \
		python manage.py spectacular --validate --fail-on-warn --file /dev/null'

lock: environment
	$(LOCK) requirements.in --output-file requirements.txt
	$(LOCK) requirements-dev.in --output-file requirements-dev.txt

clean:
	rm -rf .venv node_modules assets/built staticfiles test-results
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
