# demo: a city to look at · test: everything a change must pass · check: the same without installing
# fix: format and repair · words: collect texts for translation · lock: pin versions anew · bench: speed
# bench-import: the speed of importing alone · soak: fifty people at once for ten minutes

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8501
SESSIONS ?= 50
MINUTES ?= 10
PROCESSES ?= 1
CODE := procurement etl dashboard tests sample_data

.PHONY: demo test check fix words lock bench bench-import soak

demo: $(VENV)/.run
	$(BIN)/vbp demo --port $(PORT)

test: $(VENV)/.test
	$(MAKE) --no-print-directory check

check:
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/pytest

fix:
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

# Two marks, so that a newcomer's demo does not wait for test tools. A changed lock file installs anew.
$(VENV)/.run: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-test.lock
	touch $@

words:
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ --no-location --sort-output --omit-header -o procurement/locale/vbp.pot procurement etl dashboard
	$(BIN)/pybabel -q update -D vbp -i procurement/locale/vbp.pot -d procurement/locale --width 110 --no-fuzzy-matching --ignore-pot-creation-date --omit-header
	$(BIN)/python -m tests.glossary

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml requirements.in -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml requirements.in --group test -o requirements-test.lock

bench: $(VENV)/.test bench-import
	$(BIN)/python -m tests.bench

bench-import: $(VENV)/.test
	$(BIN)/python -m tests.bench_import

soak: $(VENV)/.test
	$(BIN)/python -m tests.soak --sessions $(SESSIONS) --minutes $(MINUTES) --processes $(PROCESSES)
