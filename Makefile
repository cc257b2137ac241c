# Everything runs in .venv, which any target makes when it is missing or when the lock has changed.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
READY := $(VENV)/.ready

.PHONY: reports test check lint lab lock clean setup
.DEFAULT_GOAL := reports

reports: $(READY)  ## run every report for every area with published evidence, and build the site
	$(VENV)/bin/deepdive run -j 2

test: $(READY)  ## all tests, every notebook among them
	$(VENV)/bin/python -m pytest -n 2 --dist loadfile tests
	$(VENV)/bin/python -m pytest --nbval-lax notebooks

lint: $(READY)  ## ruff and mypy
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

check: $(READY)  ## every rule of the repository, all failures in one pass
	$(VENV)/bin/deepdive check

lab: $(READY)  ## JupyterLab
	$(VENV)/bin/deepdive lab

lock: $(READY)  ## resolve pyproject.toml again into requirements.lock
	$(VENV)/bin/python -m pip install --quiet uv
	$(VENV)/bin/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	    --all-extras --no-header pyproject.toml --output-file requirements.lock

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	    { echo "make: Python 3.11 is needed. Install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

clean:  ## remove what can be made again: reports and the environment
	find reports -mindepth 1 -not -name README.md -delete
	rm -rf $(VENV)
