# Langsen. Only the set-up targets (setup, assets, lock, audit) reach registries or apt; everything else works offline.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
# Without compiled modules every worker and every command a test starts would compile all of them anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMPS := $(VENV)/stamps
# xdist workers; browser journeys and a database server run beside them. The order of the files is conftest.py's.
JOBS ?= 2
PYTEST := $(VENV)/bin/pytest --color=no -n $(JOBS) --dist loadfile --no-loadscope-reorder

.PHONY: help setup run test test-all test-long check audit bench lock assets messages browser documents screenshots

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: $(STAMPS)/langsen assets messages browser documents ## Make .venv with everything locked, the page assets and the translations

run: setup ## Set up and start everything with the demonstration; Ctrl-C stops it
	exec $(VENV)/bin/langsen up --demo

test: setup ## The fast tier: units, services, access table, one browser journey (under 4 minutes on 2 cores)
	$(PYTEST) -q -m "not slow and not kill"

test-all: setup ## Every test: journeys, accessibility, races, kill tests, the wheel (under 30 minutes)
	$(PYTEST) -q --durations=15

test-long: setup ## What test leaves out: journeys, accessibility, races, kill tests, the wheel
	$(PYTEST) -q --durations=15 -m "slow or kill"

check: $(STAMPS)/langsen ## Style, types, imports, templates, missing migrations and translations (offline)
	@$(PY) tools/check.py

audit: $(STAMPS)/langsen ## Known weaknesses in what we depend on (asks the registry)
	$(VENV)/bin/pip-audit --require-hashes --disable-pip -r requirements/dev.txt

bench: setup ## Measure speed at the size of the country against queries by hand (about 25 minutes); prints a table
	$(PY) -m bench

screenshots: setup ## Take the pictures of the README from a fresh demonstration
	$(PY) tools/screenshots.py

lock: ## Resolve the requirements again and pin them with hashes
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile -q --generate-hashes --no-emit-index-url \
	  --python-version 3.11 requirements/runtime.in -o requirements/runtime.txt $(LOCK_OPTIONS)
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile -q --generate-hashes --no-emit-index-url \
	  --python-version 3.11 requirements/dev.in -o requirements/dev.txt $(LOCK_OPTIONS)

assets: $(STAMPS)/assets ## Fetch the third-party files of the pages

messages: $(STAMPS)/python ## Compile the translations
	@$(PY) tools/messages.py compile

# Debian's Chromium for the browser tests. Without root or apt they skip by name.
browser: $(STAMPS)/python
	@if ! command -v chromium >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing chromium for the browser tests"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
	    || echo "chromium could not be installed: browser tests will skip" >&2; \
	fi

# LibreOffice and poppler open the .docx and .xlsx that tests read back. Without root or apt these tests skip by name.
documents: $(STAMPS)/python
	@if ! { command -v soffice && command -v pdftotext; } >/dev/null && [ "$$(id -u)" = 0 ] \
	  && command -v apt-get >/dev/null; then \
	  echo "Installing LibreOffice and poppler for the document tests"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    libreoffice-writer-nogui libreoffice-calc-nogui poppler-utils fonts-liberation >/dev/null; } \
	    || echo "LibreOffice could not be installed: document tests will skip" >&2; \
	fi

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Langsen needs Python 3.11 or newer: make PYTHON=python3.11 setup")'
	$(PYTHON) -m venv $(VENV)

# uv installs in seconds what takes pip a minute and more; it is itself installed by its hash, and pip is the way out.
$(STAMPS)/python: requirements/dev.txt | $(VENV)/bin/python
	@mkdir -p $(STAMPS)
	@sed -n '/^uv==/,/[^\\]$$/p' requirements/dev.txt > $(STAMPS)/uv.txt
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r $(STAMPS)/uv.txt
	$(VENV)/bin/uv pip install -q --python $(PY) --require-hashes -r requirements/dev.txt \
	  || $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMPS)/langsen: pyproject.toml $(STAMPS)/python
	$(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/assets: package-lock.json tools/assets.py $(STAMPS)/python
	$(PY) tools/assets.py
	@touch $@
