# What a newcomer types. `make run` and `make test` set up all they need.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test install check lint bench docs clean

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON=... to one")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[test]'
	touch $@

run: install          ## a real case as a trail, replay verified, then API and pages on port 8000
	$(BIN)/uitvoering demo

test: lint            ## everything: both stores, a real server, faults, documentation
	$(BIN)/python -m pytest -q -n 2 --dist loadscope --no-loadscope-reorder
	$(BIN)/python -m tests.left_to_ci

check: lint           ## the inner loop: style, types, layers and the fast tests
	$(BIN)/python -m pytest -q -n 2 -m "not slow" tests/domain tests/softening tests/projections tests/labels tests/test_architecture.py

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: install        ## figures as ratios, never part of a test
	$(BIN)/python -m benchmarks

docs: install         ## regenerate what is generated: events, glossary, openapi
	$(BIN)/python -m uitvoering docs docs

clean:
	rm -rf .venv build dist node_modules
