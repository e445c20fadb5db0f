# Everything a person or a machine does here. Needs only Python 3.11 or newer with venv and pip;
# uses uv when it is installed, else a copy of it in .boot.

PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not ((3,11) <= sys.version_info < (3,15)))' 2>/dev/null && echo $$p && break; done)
UV := $(shell command -v uv 2>/dev/null || echo .boot/bin/uv)
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy

.PHONY: setup run test lint types imports bench clean

setup: .venv/ready

.venv/ready: pyproject.toml uv.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.14 is needed and was not found."; exit 2; }
	@sh packaging/linux-packages.sh
	@test -x "$(UV)" || command -v "$(UV)" >/dev/null 2>&1 || { $(PYTHON) -m venv .boot && .boot/bin/pip install --quiet uv; }
	$(UV) sync --frozen --all-extras --quiet --python $(PYTHON)
	@touch .venv/ready

# The main job: the tour on the sample workspace; it opens the editor when there is a screen.
run: setup
	$(BIN)/jb demo

test: setup
	$(BIN)/pytest -n auto --dist loadgroup

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell journeybuilder tests samples benchmarks docs README.md CHANGELOG.md
	$(BIN)/deptry journeybuilder

types: setup
	$(BIN)/pyright

imports: setup
	$(BIN)/lint-imports

bench: setup
	$(UV) sync --frozen --all-extras --group bench --quiet --python $(PYTHON)
	$(BIN)/python benchmarks/engine.py --peer-python $(BIN)/python
	$(BIN)/python benchmarks/check.py
	$(BIN)/python benchmarks/canvas.py --peer-python $(BIN)/python

clean:
	rm -rf .venv .boot .pytest_cache .ruff_cache dist build
