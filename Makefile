# Everything a person or a machine does here. Needs only Python 3.11 or newer with venv and pip;
# uses uv when it is installed, else a copy of it in .boot.

PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not ((3,11) <= sys.version_info < (3,15)))' 2>/dev/null && echo $$p && break; done)
UV := $(shell command -v uv 2>/dev/null || echo .boot/bin/uv)
BOOT := $(filter .boot/bin/uv,$(UV))
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy

.PHONY: setup run test lint types imports docs texts pictures bench clean

setup: .venv/ready

.boot/bin/uv:
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.14 is needed and was not found."; exit 2; }
	$(PYTHON) -m venv .boot
	.boot/bin/pip install --quiet --disable-pip-version-check uv

.venv/ready: pyproject.toml uv.lock | $(BOOT)
	@sh packaging/linux-packages.sh
	$(UV) sync --frozen --all-extras --quiet --python $(PYTHON)
	@touch .venv/ready

# The main job: the tour on the sample workspace; it opens the editor when there is a screen.
run: setup
	$(BIN)/jb demo

test: setup .peers/ready
	$(BIN)/pytest -n auto --dist loadgroup

# MCP servers of other people, each in an environment of its own, for the tests that talk to them.
.peers/ready: tests/peers/servers.txt | $(BOOT)
	@rm -rf .peers && mkdir -p .peers
	@for each in $$(grep -v '^#' tests/peers/servers.txt); do \
		name=$${each%%=*}; place=.peers/$${name#mcp-server-}; \
		$(UV) venv --quiet --python $(PYTHON) $$place && \
		$(UV) pip install --quiet --python $$place $$each || exit 1; \
	done
	@if command -v npm >/dev/null 2>&1; then \
		npm install --silent --no-fund --no-audit --prefix .peers/node $$(sed -n 's/^# npm: //p' tests/peers/servers.txt); \
	else echo "npm is not there: the tests with servers from npm are skipped"; fi
	@touch .peers/ready

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell journeybuilder samples benchmarks docs README.md CHANGELOG.md
	$(BIN)/deptry journeybuilder

types: setup
	$(BIN)/pyright

imports: setup
	$(BIN)/lint-imports

# The pages that follow from the code; a test holds them up to date.
docs: setup
	$(BIN)/python docs/generate.py

# The catalogs of translations; a test holds them up to date and whole.
texts: setup
	$(BIN)/python packaging/texts.py

# The pictures of README and docs, drawn by the program itself.
pictures: setup
	$(BIN)/python docs/pictures.py

# The peers live in an environment of their own: nothing of theirs is in the project's.
.bench/ready: pyproject.toml uv.lock | $(BOOT)
	UV_PROJECT_ENVIRONMENT=.bench $(UV) sync --frozen --only-group bench --quiet --python $(PYTHON)
	$(UV) pip install --quiet --python .bench PySide6-Essentials==6.11.3 setuptools
	@touch .bench/ready

bench: setup .bench/ready
	$(BIN)/python -m benchmarks.engine --peer-python .bench/bin/python
	$(BIN)/python -m benchmarks.rehearsal --peer-python .bench/bin/python
	$(BIN)/python -m benchmarks.check
	$(BIN)/python -m benchmarks.parked
	$(BIN)/python -m benchmarks.calls
	$(BIN)/python -m benchmarks.canvas --peer-python .bench/bin/python
	$(BIN)/python -m benchmarks.opening
	$(BIN)/python -m benchmarks.stalls
	$(BIN)/python -m benchmarks.live
	$(BIN)/python -m benchmarks.stepping

clean:
	rm -rf .venv .boot .bench .peers .pytest_cache .ruff_cache dist build
