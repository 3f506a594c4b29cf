# Pacta: `make demo` and `make test` need Python 3.11 or newer, and make. Everything they set up lies in .venv and build.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
DEMO   ?= build/demo
PYTEST_ARGS ?= -n auto
BROWSER_ARGS ?= -n 2

.DEFAULT_GOAL := help
.PHONY: help demo test browser lint types check vendor clean

help:
	@echo "make demo    convert seeds/documents and print who disputes which clause"
	@echo "make test    run all tests"
	@echo "make browser visit every page with a headless Chromium (Debian package: chromium)"
	@echo "make lint    ruff    make types   mypy    make check   hygiene of ontology, shapes, queries and seeds"
	@echo "make vendor  fetch what the pages carry of others again    make clean   remove what these made"
	@echo "Another Python: make demo PYTHON=python3.12"

demo: $(VENV)/.core
	@$(BIN)/pacta build seeds/documents --store $(DEMO)/store
	@$(BIN)/pacta dump --store $(DEMO)/store -o $(DEMO)/pacta.ttl
	@echo
	@echo "Who disputes which clause?   (pacta query disputes/who-disputes-which-clause --store $(DEMO)/store)"
	@echo
	@$(BIN)/pacta query disputes/who-disputes-which-clause --store $(DEMO)/store -f table
	@echo
	@echo "Store:          $(DEMO)/store"
	@echo "Turtle export:  $(DEMO)/pacta.ttl"
	@echo "Next:           $(BIN)/pacta query --store $(DEMO)/store      (all questions)"

test: $(VENV)/.test
	@$(BIN)/python -m pytest $(PYTEST_ARGS)
	@echo "Not run here: the tests in a browser (make browser)."

browser: $(VENV)/.browser
	@$(BIN)/python -m pytest tests/pages/browser $(BROWSER_ARGS)

lint: $(VENV)/.dev
	@$(BIN)/ruff check .

types: $(VENV)/.dev
	@$(BIN)/mypy

check: $(VENV)/.core
	@$(BIN)/pacta check

# Fetches what the pages carry of others again, in the versions that .ci/vendor names. Needs npm; nothing else calls it.
vendor: $(VENV)/.core
	@$(BIN)/python .ci/vendor

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# One stamp a level of installation: a second run installs nothing, a changed pyproject.toml installs again.
$(VENV)/.core: EXTRAS :=
$(VENV)/.test: EXTRAS := [test]
$(VENV)/.dev:  EXTRAS := [test,dev]
$(VENV)/.browser: EXTRAS := [test,browser]
$(VENV)/.core $(VENV)/.test $(VENV)/.dev $(VENV)/.browser: pyproject.toml | $(BIN)/python
	@echo "Installing Pacta$(EXTRAS) into $(VENV); the first time takes about a minute." >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable ".$(EXTRAS)"
	@touch $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON). Install Python 3.11 or newer, or name one: make demo PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Pacta needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make demo PYTHON=python3.12" >&2; \
	  exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
