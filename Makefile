# Everything here needs Python 3.11, git and make, nothing else. `make help` lists the words.

CONFIG ?= config/amts.yaml
ARGS ?=

# The work trees of others, and a virtual environment that happens to be active, are left alone.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
# Company certificates: uv looks where the system keeps them instead of in its own list.
export UV_SYSTEM_CERTS ?= 1
# The interpreter that was found is the one used; none is fetched.
export UV_PYTHON_DOWNLOADS = never
# Five Airflow processes would otherwise compile the same modules at the same time on the first start.
export UV_COMPILE_BYTECODE = 1

BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup postgres demo test contract lint bench up down clean

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | \
		while IFS="$$(printf '\t')" read -r word meaning; do printf '  make %-8s %s\n' "$$word" "$$meaning"; done

setup: .venv/ready ## make .venv from the hashed requirements, and say what optional parts are missing
	@sh .ci/optional

postgres: .venv/postgres ## add what Airflow reaches PostgreSQL through, for ARGS="--database postgres"
	@sh .ci/postgres

demo: .venv/ready ## translate the example book (or CONFIG=FILE) through a real Airflow, print scores and branches
	@$(BIN)/amts demo --config "$(CONFIG)" $(ARGS)

test: .venv/ready ## run the tests (ARGS="-k align")
	@$(BIN)/pytest $(ARGS)

contract: .venv/ready .awscli/ready ## hold the emulator to the contract, with boto3 and the AWS command line as clients
	@$(BIN)/pytest tests/contract $(ARGS)

lint: .venv/ready ## ruff (rules and format) and mypy (strict)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: .venv/ready ## run the benchmarks
	@set -e; for benchmark in benchmarks/*.py; do echo "== $$benchmark"; $(BIN)/python "$$benchmark" $(ARGS); done

up: .venv/ready ## start the emulator and Airflow, leave them running, print address and login
	@$(BIN)/amts up --config "$(CONFIG)" $(ARGS)

down: .venv/ready ## stop what `make up` started
	@$(BIN)/amts down

clean: ## remove what these targets made: .venv .uv .awscli .amts and caches
	rm -rf .venv .uv .awscli .amts .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A stamp a step, so that a warm call costs nothing.
.uv/ready: requirements-uv.txt
	@python=; for candidate in $(PYTHON) python3.11 python3 python; do \
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "make: found $$(python3 --version 2>/dev/null || echo 'no Python') and no Python 3.11; install it, or name one: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	rm -rf .uv; \
	"$$python" -m venv .uv || { echo "make: $$python has no working venv module; on Debian and Ubuntu: apt-get install python3.11-venv" >&2; exit 1; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements-uv.txt
	@touch $@

.venv/ready: .uv/ready requirements-dev.txt pyproject.toml
	@echo "installing the packages of requirements-dev.txt into .venv (about half a minute)"
	@.uv/bin/uv venv --quiet --allow-existing --no-project --python .uv/bin/python .venv
	@.uv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes requirements-dev.txt
	@.uv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --editable .
	@touch $@

# The versions are those of the image (requirements-celery.txt). Made by:
# printf 'asyncpg\npsycopg2-binary\n' | uv pip compile --universal --constraint requirements-celery.txt … -o requirements-postgres.txt
.venv/postgres: .venv/ready requirements-postgres.txt
	@.uv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --require-hashes --requirement requirements-postgres.txt
	@touch $@

# The AWS command line pins a botocore of its own, so it has an environment of its own. Made by:
# echo awscli | uv pip compile --python-version 3.11 --generate-hashes … -o requirements-awscli.txt
.awscli/ready: .uv/ready requirements-awscli.txt
	@.uv/bin/uv venv --quiet --allow-existing --no-project --python .uv/bin/python .awscli
	@.uv/bin/uv pip sync --quiet --python .awscli/bin/python --require-hashes requirements-awscli.txt
	@touch $@
