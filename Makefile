# Two words do everything: `make run` and `make test`. Both set themselves up.
PYTHON ?= python3
PORT ?= 8000
JOBS ?= 2000
SECONDS ?= 120
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
COMMAND := PYTHONPATH=layers/gpserverless/python $(BIN)/python -m gpserverless.cli
CLIENTS := tests/clients/.venv
BENCH := dev/benchmarks/.venv

ARCHITECTURE ?= arm64
BUILD := .aws-sam/build
BUILDS := .aws-sam/test
PROCESSOR = $(shell $(BIN)/python -m dev.predeploy.processor)
SAM_BUILD_OPTIONS :=

# Packages are kept where uv keeps them, unless another user owns that.
export UV_CACHE_DIR := $(shell requirements/cache-folder)

# The command line and what it brings, which no layer carries.
COMMAND_LINE := typer rich click shellingham markdown-it-py mdurl pygments annotated-doc

# The scripts, styles and data of the pages, and everything that they are made of.
PAGES := layers/gpserverless/python/gpserverless/pages
STATIC := $(PAGES)/static/manifest.json
BROWSER := layers/gpserverless/browser
BROWSER_SOURCES := $(shell find $(BROWSER)/source $(BROWSER)/build $(PAGES)/style -type f) $(PAGES)/style.css
BROWSER_PACKAGES := $(BROWSER)/node_modules/.package-lock.json
SYSTEMS := $(BROWSER)/data/crs.json

MODEL_PROGRAMS := spin gcc libc6-dev

.PHONY: help run pages users test test-stories test-truth test-pages test-clients model faults soak scale bench bench-tools docs check scan audit fuzz try-tools format catalogue reference build build-own test-built test-wheel sam-local \
	deploy-local lock clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(READY): requirements/bootstrap.txt requirements/dev.txt requirements/prepare.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.13")'
	@$(PYTHON) requirements/prepare.py $(VENV) requirements/dev.txt requirements/bootstrap.txt
	@touch $(READY)

pages: $(STATIC)  ## build the scripts, styles and data of the pages

$(STATIC): $(BROWSER_PACKAGES) $(SYSTEMS) $(BROWSER_SOURCES)
	@$(BROWSER)/run node build/build.mjs

$(SYSTEMS): $(READY) dev/pages/reference_systems.py
	@mkdir -p $(@D)
	@$(BIN)/python -m dev.pages.reference_systems $@

$(BROWSER_PACKAGES): $(BROWSER)/package-lock.json $(BROWSER)/package.json | $(READY)
	@$(BROWSER)/run npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

run: export GPSERVERLESS_PARAMETERS = $(PARAMETERS)
run: $(READY) $(STATIC)  ## serve everything at http://127.0.0.1:8000/arcgis/rest/services (PORT=..., PARAMETERS=...)
	@$(COMMAND) serve --port $(PORT)

users: $(READY)  ## administer users (ARGS="add ana --role publisher --stack gpserverless-dev")
	@$(COMMAND) users $(ARGS)

test: $(READY) $(STATIC) catalogue  ## run the tests (FAST=1: those without processes and without a cloud)
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest $(if $(FAST),-n 2 -m "not slow and not story",-m "not story")

test-stories: $(READY) $(STATIC) catalogue  ## run the tests that play a whole story: the first hour, every right, each bad input
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -m story

test-pages: $(BROWSER_PACKAGES)  ## test what the scripts of the pages compute
	@$(BROWSER)/run node --test "../../../tests/browser/**/*.test.ts"

test-clients: $(READY) $(STATIC) $(CLIENTS)/ready tests/clients/node_modules/.package-lock.json  ## run real clients against the site
	@PYTHONPATH=layers/gpserverless/python:tools $(BIN)/python -m tests.clients

$(CLIENTS)/ready: $(READY) requirements/clients.txt
	$(PYTHON) -m venv --clear --without-pip $(CLIENTS)
	VIRTUAL_ENV="$(CURDIR)/$(CLIENTS)" $(BIN)/uv pip sync --quiet --require-hashes requirements/clients.txt
	@touch $(CLIENTS)/ready

tests/clients/node_modules/.package-lock.json: tests/clients/package-lock.json
	@tests/clients/need-programs
	cd tests/clients && npm ci
	@touch $@

model: $(READY)  ## check the model of a job's life with Spin, and see every mutant of it fail
	@command -v spin >/dev/null && command -v gcc >/dev/null || { test "$$(id -u)" != 0 || ! command -v apt-get >/dev/null \
		|| { apt-get update -qq && apt-get install -qq -y --no-install-recommends $(MODEL_PROGRAMS) >/dev/null; }; }
	@$(BIN)/python -m dev.formal_model

faults: $(READY) $(STATIC) catalogue  ## inject every fault into the real handlers, and break every rule (two tables)
	@PYTHONPATH=layers/gpserverless/python:tools $(BIN)/python -m dev.faults

soak: $(READY) $(STATIC) catalogue  ## many jobs on the local cloud while its processes are killed (JOBS=2000)
	@PYTHONPATH=layers/gpserverless/python:tools $(BIN)/python -m dev.faults.soak --jobs $(JOBS)

scale: $(READY) $(STATIC) catalogue  ## simulate loads on AWS in virtual time, and compare with the local cloud
	@PYTHONPATH=layers/gpserverless/python:tools $(BIN)/python -m dev.simulation --measure

bench: $(READY) $(STATIC) catalogue $(BENCH)/ready  ## measure everything, beside another server, into docs/benchmarks (QUICK=1; needs python3.13)
	@PYTHONPATH=layers/gpserverless/python:tools $(BIN)/python -m dev.benchmarks $(if $(QUICK),--quick)

$(BENCH)/ready: $(READY) requirements/bench.txt
	$(BIN)/uv venv --quiet --clear --no-python-downloads --python "$$(PATH="$(CURDIR)/$(BIN):$$PATH" layers/find-python)/python3.13" $(BENCH)
	VIRTUAL_ENV="$(CURDIR)/$(BENCH)" $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements/bench.txt
	@touch $(BENCH)/ready

test-truth: .venv-truth/ready  ## test the engines of analysis against geopandas, esda and GeographicLib
	@PYTHONPATH=layers/gpserverless/python:tools:. .venv-truth/bin/python -m tests.truth

bench-tools: .venv-truth/ready  ## measure the engines of analysis beside bare libraries and geopandas (QUICK=1; MILLION=1: each tool on a million features)
	@PYTHONPATH=layers/gpserverless/python:tools:. .venv-truth/bin/python -m dev.bench_tools$(if $(MILLION),.million,$(if $(QUICK), --quick))

.venv-truth/ready: $(READY) requirements/truth.txt
	$(PYTHON) -m venv --clear --without-pip .venv-truth
	VIRTUAL_ENV="$(CURDIR)/.venv-truth" $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements/truth.txt
	@touch .venv-truth/ready

docs: .venv-docs/ready  ## build the documentation site, which needs no network, into site/
	@NO_MKDOCS_2_WARNING=1 .venv-docs/bin/python -m mkdocs build --strict --clean --config-file dev/docs_site/mkdocs.yml
	@.venv-docs/bin/python -m dev.docs_site.check site

.venv-docs/ready: $(READY) requirements/docs.txt
	$(PYTHON) -m venv --clear --without-pip .venv-docs
	VIRTUAL_ENV="$(CURDIR)/.venv-docs" $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements/docs.txt
	@touch .venv-docs/ready

check: $(READY) .venv-scan/ready $(BROWSER_PACKAGES)  ## format, lint, types, import contracts, names, template, scans
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BROWSER)/run node node_modules/typescript/bin/tsc
	PYTHONPATH=layers/gpserverless/python:tools:. $(BIN)/lint-imports
	$(BIN)/python -m dev.house
	$(BIN)/cfn-lint template.yaml
	SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1 $(BIN)/sam validate --lint --template template.yaml
	$(BIN)/python -m dev.scan

try-tools: $(READY) $(STATIC) catalogue  ## call every tool on real data over HTTP, and print what it takes
	@PYTHONPATH=layers/gpserverless/python:tools $(BIN)/python -m dev.tool_trial

fuzz: $(READY)  ## give hostile and random inputs to everything that reads one (SECONDS=120, or a seed: SEED=7)
	@PYTHONPATH=layers/gpserverless/python:tools $(BIN)/python -W ignore -m dev.fuzz --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

scan: $(READY) .venv-scan/ready  ## scan the sources with bandit, the template with checkov
	@$(BIN)/python -m dev.scan

audit: $(READY) .venv-scan/ready  ## look every locked package up in the advisories of PyPI (needs more than a mirror)
	@$(BIN)/python -m dev.scan.audit

.venv-scan/ready: $(READY) requirements/scan.txt
	$(PYTHON) -m venv --clear --without-pip .venv-scan
	VIRTUAL_ENV="$(CURDIR)/.venv-scan" $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements/scan.txt
	@touch .venv-scan/ready

format: $(READY)  ## rewrite the sources in the house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

catalogue: $(READY)  ## write the catalogue file, which is not committed, from the tools' signatures
	@PYTHONPATH=layers/gpserverless/python:tools $(BIN)/python -m gpserverless.toolkit

reference: $(READY) $(STATIC)  ## write the pages of docs/reference that are made of the code
	@PYTHONPATH=layers/gpserverless/python:tools $(BIN)/python -m dev.reference

build: $(READY) $(STATIC)  ## build what is deployed (ARCHITECTURE=x86_64 for the other processor; needs python3.13)
	@$(COMMAND) build --architecture $(ARCHITECTURE) --build-dir $(BUILD) $(SAM_BUILD_OPTIONS)

test-built: $(READY)  ## build for both processors, twice, and test what comes out
	@mkdir -p $(BUILDS); for folder in x86_64 x86_64-again arm64 arm64-again; do \
		$(MAKE) --no-print-directory build ARCHITECTURE=$${folder%-again} BUILD=$(BUILDS)/$$folder \
			SAM_BUILD_OPTIONS=--no-cached >$(BUILDS)/log 2>&1 || { cat $(BUILDS)/log; exit 1; }; done
	@$(BIN)/python -m tests.built $(BUILDS)

test-wheel: $(READY) $(STATIC) .venv-ministack/ready  ## take the whole first hour with a wheel in an empty environment (needs python3.13)
	@PYTHONPATH=layers/gpserverless/python:. $(BIN)/python -u -m tests.wheel

sam-local: $(READY) build-own  ## run the built functions in containers with sam local (needs Docker, or root to start it)
	@$(BIN)/python -u .ci/with_docker.py $(BIN)/python -u -m dev.predeploy.sam_local $(BUILDS)/own

deploy-local: $(READY) .venv-ministack/ready build-own  ## sam deploy to MiniStack, and run a job through what it puts up
	@$(BIN)/python -u -m dev.predeploy.deploy_local $(BUILDS)/own

build-own: $(READY)
	@mkdir -p $(BUILDS); $(MAKE) --no-print-directory build ARCHITECTURE=$(PROCESSOR) BUILD=$(BUILDS)/own \
		>$(BUILDS)/log 2>&1 || { cat $(BUILDS)/log; exit 1; }

.venv-ministack/ready: $(READY) requirements/ministack.txt
	@found=$$(PATH="$(CURDIR)/$(BIN):$$PATH" layers/find-python) && $(BIN)/uv venv --quiet --clear --python "$$found/python3.13" .venv-ministack
	VIRTUAL_ENV="$(CURDIR)/.venv-ministack" $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements/ministack.txt
	@touch .venv-ministack/ready

lock: $(READY)  ## refresh the locks from pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --all-extras --group dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.13 --generate-hashes --no-header --no-emit-index-url \
		--no-annotate $(COMMAND_LINE:%=--no-emit-package %) pyproject.toml -o layers/dependencies/requirements.txt
	for worker in vector raster drawing; do \
		$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.13 --generate-hashes --no-header --no-emit-index-url \
			--no-annotate --extra $$worker $(COMMAND_LINE:%=--no-emit-package %) --constraint layers/dependencies/requirements.txt \
			--no-emit-package numpy --no-emit-package certifi -o layers/dependencies/$$worker.txt; done
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --group pyproject.toml:clients -o requirements/clients.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.13 --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --group pyproject.toml:ministack -o requirements/ministack.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --group pyproject.toml:scan -o requirements/scan.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.12 --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --group pyproject.toml:bench -o requirements/bench.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --group pyproject.toml:docs -o requirements/docs.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --group truth pyproject.toml -o requirements/truth.txt

clean:  ## remove everything that is generated
	rm -rf $(VENV) .venv-ministack .venv-scan .venv-docs .venv-truth site $(CLIENTS) $(BENCH) tests/clients/node_modules $(BROWSER)/node_modules $(BROWSER)/data $(PAGES)/static .aws-sam .local .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
