# Everything runs in .venv, which the first target that needs it makes; nothing has to be installed by hand.
PYTHON ?= python3
BIN := .venv/bin
DATA ?= data/sample
OUT ?= reports
LANGUAGE ?= zh
PYTEST := $(BIN)/python -m pytest
NBVAL := $(PYTEST) --nbval notebooks --nbval-current-env --nbval-sanitize-with notebooks/nbval.cfg \
         --nbval-cell-timeout 300 -p no:cacheprovider

export PYTHONUTF8 := 1

.PHONY: help install report test test-all lint lab notebooks sample bench bench-report gallery clean

help:                ## what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*##/\t/' | expand -t 16

install: .venv/installed  ## the virtual environment with all that the targets need

.venv/installed: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "stockcust needs Python 3.11 or newer: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet -c requirements.lock -e '.[lab,dev]'
	@touch $@

report: install      ## every branch's report of DATA (data/sample) in OUT (reports)
	$(BIN)/stockcust report $(DATA) --out $(OUT) --lang $(LANGUAGE)

test: install lint   ## ruff, mypy, all tests, every notebook
	$(PYTEST)
	$(NBVAL)

test-all: install lint  ## also the slow sweeps and Spark; a skip that this machine could have run fails
	@if command -v java >/dev/null; then $(BIN)/python -m pip install --quiet -c requirements.lock -e '.[spark]'; fi
	$(PYTEST) --everything
	$(NBVAL)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lab: install         ## JupyterLab with the notebooks
	$(BIN)/jupyter lab --notebook-dir=.

notebooks: install   ## run the committed notebooks and the docs' examples again and normalise them
	$(BIN)/python notebooks/refresh.py
	$(BIN)/python docs/parameters.py
	$(BIN)/python docs/mapping.py

sample: install      ## generate data/sample again
	$(BIN)/python -m stockcust.sample

bench: install       ## customers per second of the rules on each engine
	$(BIN)/python benchmarks/core.py

bench-report: install  ## seconds per branch report
	$(BIN)/python benchmarks/report.py

gallery: install     ## the pictures of the README, from freshly made reports
	$(BIN)/python docs/gallery.py

clean:               ## everything that can be made again
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
