# Everything runs in .venv. It is made when it is missing, half-made, from another checkout or for another Python;
# it is brought up to date when pyproject.toml or constraints.txt changes. A stamp is written when a step is complete.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin/python
INSTALL := $(BIN) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
JOBS ?= logical

# The environment is whole when the last step of making it was done here, and its Python still runs.
WHOLE := $(shell [ "`cat $(VENV)/.made-for 2>/dev/null`" = "`pwd`" ] && $(BIN) -c 'import pip' 2>/dev/null && echo yes)
ifneq ($(WHOLE),yes)
$(VENV)/.made-for: remake
endif

.PHONY: help demo test lint notebooks notebooks-save bench docs clean remake

help: ## what make can do
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1|/' | while IFS='|' read -r name what; \
	    do printf 'make %-16s %s\n' "$$name" "$$what"; done

demo: $(VENV)/.runs ## the main job: protocols side by side on Aer, Stim and a fake IBM device
	@$(BIN) -m qnet demo

test: $(VENV)/.develops ## all tests, doctests included
	@$(BIN) -m pytest -n $(JOBS)

lint: $(VENV)/.develops ## ruff, mypy, and the direction of imports
	$(BIN) -m ruff check .
	$(BIN) -m ruff format --check .
	$(BIN) -m mypy
	$(VENV)/bin/lint-imports --no-logo

notebooks: $(VENV)/.develops ## execute copies of the notebooks; fails if a cell fails
	$(BIN) tools/notebooks.py

notebooks-save: $(VENV)/.develops ## execute the notebooks and keep the new outputs
	$(BIN) tools/notebooks.py --save

bench: $(VENV)/.develops ## every benchmark against its baseline
	$(BIN) -m benchmarks

docs: $(VENV)/.documents ## the guide and the API reference, into site/; warnings are errors
	$(BIN) -m sphinx -b html -q -W --keep-going docs site
	@echo "open site/index.html"

clean: ## remove what make made
	rm -rf $(VENV) site build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/.made-for:
	@sh tools/make-venv $(VENV) $(if $(PYTHON),"$(PYTHON)")
	@pwd > $@

$(VENV)/.runs: $(VENV)/.made-for pyproject.toml constraints.txt
	@echo "installing (half a minute)"
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.develops: $(VENV)/.runs
	@echo "installing what the tests need (half a minute)"
	@$(INSTALL) --editable '.[dev]'
	@touch $@

$(VENV)/.documents: $(VENV)/.develops
	@echo "installing what the docs need"
	@$(INSTALL) --editable '.[docs]'
	@touch $@
