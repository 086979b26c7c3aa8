# Nothing is needed before `make demo` or `make test` but Python 3.11-3.13 and make.
PYTHON ?= python3
# The version that is tested; on Linux without a GPU, PyTorch's CPU build of it is enough.
TORCH ?= torch==2.13.0
# Only its model files are read, so its dependencies (numpy 1, a second OpenCV) are left out.
MEDIAPIPE ?= mediapipe==0.10.21

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
RUN := $(VENV)/.run-ready
DEV := $(VENV)/.dev-ready
MODELS := $(VENV)/.models-ready
export OMP_NUM_THREADS ?= 2

.PHONY: demo test test-all lint bench docs setup clean

demo: $(RUN) $(MODELS)  ## analyse the demo walkers and write a report
	$(BIN)/gaitpose demo

test: $(DEV) $(MODELS)  ## the fast tests (minutes)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2

test-all: $(DEV) $(MODELS)  ## also the slow ones and those on real recordings
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m "slow or not slow"

lint: $(DEV)  ## style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV) $(MODELS)  ## every number in README and docs, into benchmarks/results/
	@set -e; for script in benchmarks/[!_]*.py; do echo "== $$script"; $(BIN)/python $$script; done

docs: $(DEV)  ## the documentation as a web site in site/
	$(BIN)/mkdocs build --strict

setup: $(DEV) $(MODELS)  ## only make .venv with everything

$(RUN): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 14) else "gaitpose needs Python 3.11 to 3.13; run: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) "$(TORCH)"
	$(PIP) --editable .
	touch $@

# Last, as pip warns at every later install of the dependencies that were left out.
$(MODELS): $(RUN)
	@if $(BIN)/python -c 'import sys; sys.exit(sys.version_info >= (3, 13))'; then $(PIP) --no-deps "$(MEDIAPIPE)" \
		|| echo "note: no MediaPipe model files for this platform; gaitpose uses its own weights"; fi
	touch $@

$(DEV): $(RUN)
	$(PIP) --editable ".[train,synthetic,dev,docs]"
	touch $@

clean:
	rm -rf $(VENV) site .pytest_cache .mypy_cache .ruff_cache
