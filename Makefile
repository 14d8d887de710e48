# Everything starts here; `make help` lists it. Needs git, python3 (3.11 or later), python3-venv, make.

PYTHON ?= python3
BIN := .venv/bin
# What `make run` and `make demo` hand on, for example: make run ARGS="--port 9000"
ARGS ?=
# What the test targets hand on, for example: make test TESTS=tests/domain
TESTS ?=
# Processes for the tests; "auto" is one for each core.
WORKERS ?= auto
# Neighbouring tests stay on one process, so what a module prepares is prepared once; whoever is
# done first takes over half of what another still has to do.
SPREAD := --dist worksteal

# Without it every start compiles the whole program again, which takes longer than the start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run demo setup compiled test test-slow test-postgresql test-crash test-browser test-fresh test-all lint types format check \
        bench bench-against bench-apple test-exchange rules rules-hunt fuzz mutate-access shown lighthouse lock migration translations backup clean

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' \
	  | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

run: .venv/product ## Keep a real diary: back up and upgrade the database, then serve on this computer
	@$(BIN)/recovery-tracker run $(ARGS)

demo: .venv/product ## Look around: a throw-away database of synthetic patients, with sign-in links
	@$(BIN)/recovery-tracker demo $(ARGS)

setup: .venv/tools ## Install everything into .venv, for working on it

compiled: .venv/product ## Compile the program, for a user who may not write beside it
	@$(BIN)/python -m compileall -q -j 0 .venv/lib recovery_tracker migrations

test: .venv/tools ## Pass the tests (without the browser and the slow ones)
	$(BIN)/pytest -q -rs -n $(WORKERS) $(SPREAD) $(TESTS)

test-slow: .venv/tools ## Crash the server, replay whole cohorts: the slow tests
	$(BIN)/pytest -q -n $(WORKERS) $(SPREAD) -m slow $(TESTS)

test-postgresql: .venv/tools ## Pass the tests that need a database on a PostgreSQL server of their own
	TEST_DATABASE=postgresql $(BIN)/pytest -q -n $(WORKERS) $(SPREAD) $(or $(TESTS),tests/storage tests/web tests/test_services.py)

test-crash: .venv/tools ## Crash everything at length: 2,000 entries under kill -9, each write at every statement
	WHOLE_EFFORT=yes $(BIN)/pytest -q -n $(WORKERS) tests/test_changes.py tests/golden
	WHOLE_EFFORT=yes $(BIN)/pytest -q -o faulthandler_timeout=3600 -m slow tests/cli/test_crash.py tests/storage tests/migrations

test-exchange: .venv/tools ## Export, import, export for 300 people: the same bytes; five years of Health Connect
	WHOLE_EFFORT=yes $(BIN)/pytest -q -n0 -o faulthandler_timeout=3600 -m slow tests/cli/test_round_trips.py

test-browser: .venv/tools ## Log a day in a real Chromium and run axe on every page
	$(BIN)/pytest -q -n $(WORKERS) $(SPREAD) -m browser $(TESTS)

test-fresh: ## `make run` and `make test` on Debian 12 and 13 with nothing else (root, debootstrap)
	@bash tests/fresh.sh

test-all: .venv/tools ## Every test there is
	EVERY_CASE=yes $(BIN)/pytest -q -n $(WORKERS) $(SPREAD) -m "" $(TESTS)

lint: .venv/tools ## Style: ruff, templates, declared dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/deptry .

types: .venv/tools ## Types: mypy, strict where it counts
	$(BIN)/mypy

format: .venv/tools ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: lint types test ## Everything a change must pass before it is handed in

rules: .venv/tools ## Write down the rules and what they find now, under their new name: tests/golden, docs, README
	$(BIN)/python -m tests.golden

rules-hunt: .venv/tools ## Change each number of the rules a little: which one does no diary notice? Takes an hour
	$(BIN)/python -m tests.golden.mutate

fuzz: .venv/tools ## Send 20,000 requests of any shape, signed in and out: none may fail. Takes half an hour
	FUZZ_REQUESTS=$(or $(REQUESTS),20000) $(BIN)/pytest -q -n0 -o faulthandler_timeout=3600 tests/web/test_fuzz.py

mutate-access: .venv/tools ## Remove or invert each check of who may do what: which one does no test notice? Takes half an hour
	$(BIN)/python -m tests.web.mutate

bench: .venv/tools ## Measure: save to page, chart, PDF, a list of 10,000 patients, demo start, replay and its memory
	$(BIN)/python -m tests.bench

bench-apple: .venv/tools ## A gigabyte of Apple Health beside a bare loop over it, and a page meanwhile; needs 2 GB of room
	$(BIN)/python -m tests.bench.apple

bench-against: .venv/tools ## The same beside another commit, in one run: make bench-against COMMIT=f7df16e
	$(BIN)/python -m tests.bench.against $(COMMIT)

shown: .venv/tools ## Card, help and advice of six people as pictures and PDFs: make shown FOLDER=/tmp/shown
	SHOWN="$(abspath $(or $(FOLDER),build/shown))" $(BIN)/pytest -q -n0 -m browser tests/browser/test_shown.py

lighthouse: .venv/tools ## Lighthouse on home and entry, where Node and its package are installed
	$(BIN)/python -m tests.lighthouse

lock: .venv/tools ## Write both lock files again from pyproject.toml
	$(BIN)/uv pip compile --group pyproject.toml:build $(LOCK) -o requirements-build.lock
	$(BIN)/uv pip compile pyproject.toml $(EXTRAS) $(LOCK) -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev $(LOCK) -o requirements-dev.lock

migration: .venv/tools ## A new migration: make migration m="sitting tolerance"
	@scratch=$$(mktemp -d); export RECOVERY_TRACKER_DATABASE_URL="sqlite:///$$scratch/new.db"; \
	  $(BIN)/alembic upgrade head && $(BIN)/alembic revision --autogenerate -m "$(m)"; \
	  status=$$?; rm -rf "$$scratch"; exit $$status

translations: .venv/tools ## Read every sentence into the languages, compile them, name what is missing
	$(BIN)/python -m tests.catalogues

backup: .venv/product ## Copy the database while it runs: make backup FILE=copy.sqlite
	@$(BIN)/recovery-tracker backup $(FILE)

clean: ## Remove what was built; the diary is elsewhere and stays
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

# No host and no index: the files hold for whatever registry the reader uses.
LOCK := --generate-hashes --no-emit-index-url --no-header --universal --quiet
# Of the extras, what an installation may need; the laboratory's are for development.
EXTRAS := --extra encrypt --extra postgres

# An environment is good in one folder and for one Python, so its mark is named after both: moved,
# or with another Python under it, it is made again. `PYTHON` counts where there is none yet.
MADE_FOR = import sys; print(sys.version_info[:2], sys.abiflags)
MARK := .venv/made-for-$(shell { $(BIN)/python -c '$(MADE_FOR)' || $(PYTHON) -c '$(MADE_FOR)'; pwd; } \
  2>/dev/null | cksum | cut -d ' ' -f 1)

# Where the caches of pip and uv cannot be written, they do without.
CACHE := $${XDG_CACHE_HOME:-$$HOME/.cache}
define install
	@{ mkdir -p "$(CACHE)" && [ -w "$(CACHE)" ]; } 2>/dev/null || export UV_NO_CACHE=1 PIP_NO_CACHE_DIR=1; \
	{ $(1); } || { echo "Not everything could be installed; the reason is above. If there was no network," \
	  "run the same command again once there is one." >&2; exit 1; }
endef
UV_INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --retries 1

$(MARK):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; try: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Making .venv, which takes a minute and half a gigabyte."
	@rm -rf .venv && $(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }
	$(call install,$(PIP_INSTALL) --require-hashes -r requirements-build.lock)
	@touch $@

.venv/product: requirements.lock pyproject.toml $(MARK)
	$(call install,$(UV_INSTALL) --require-hashes -r requirements.lock && $(UV_INSTALL) --no-deps -e .)
	@touch $@

.venv/tools: requirements-dev.lock pyproject.toml $(MARK)
	$(call install,$(UV_INSTALL) --require-hashes -r requirements-dev.lock && $(UV_INSTALL) --no-deps -e .)
	@touch .venv/product $@
