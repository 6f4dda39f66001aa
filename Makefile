PYTHON ?= python3
# Where an index offers torch 2.13.0 as its CPU build, as here, this pin keeps several gigabytes of
# GPU packages away. With a GPU: `make clean demo TORCH=torch`.
TORCH ?= torch==2.13.0
# Small matrices gain nothing from many threads, and test workers would fight over the cores.
TEST_ENV ?= OMP_NUM_THREADS=1 MPLBACKEND=agg
PYTEST_ARGS ?= -n auto --maxprocesses 4 --dist loadfile

BIN := .venv/bin

BENCHMARKS := startup readers embedding_throughput training_throughput universal_skeleton skeleton_maps

.PHONY: demo test lint bench data clean

demo: .venv/.installed
	$(BIN)/vvipe demo

test: .venv/.dev
	$(TEST_ENV) $(BIN)/pytest -q $(PYTEST_ARGS)

lint: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright --pythonpath $(BIN)/python

bench: .venv/.installed
	@set -e; for name in $(BENCHMARKS); do \
		echo "== $$name"; $(BIN)/python benchmarks/$$name.py --out benchmarks/results; \
	done

data:
	@if [ -x ../shared/unpack ]; then ../shared/unpack .data; \
	else echo "no ../shared/unpack: what needs real data is skipped"; fi

clean:
	rm -rf .venv build dist .pytest_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.torch:
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -qq "$(TORCH)"
	@touch $@

.venv/.installed: .venv/.torch pyproject.toml
	$(BIN)/pip install -qq -e .
	@touch $@

.venv/.dev: .venv/.installed
	$(BIN)/pip install -qq -e ".[dev]"
	@touch $@
