# What people and CI run. Everything installs what it needs first; a second run finds it there and goes on at once.
PYTHON ?= python3
PY := .venv/bin/python
WITH_DATABASE := $(PY) -m portal.local --throwaway --name
PYTEST_ARGS ?=
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests demo run test test-fast check soak bench lock messages

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## make .venv and fetch system libraries, fonts and PostgreSQL as far as they are missing
	@$(PYTHON) portal/local/install.py base
	@$(PY) -m portal.local.setup

setup-tests:
	@$(PYTHON) portal/local/install.py dev
	@$(PY) -m portal.local.setup $(if $(NO_BROWSER),,--tests)

demo: setup  ## start the portal with demo data and print its address and accounts; Ctrl-C stops all
	@DJANGO_SETTINGS_MODULE=portal.settings.demo $(PY) manage.py demo

run: setup  ## start a development server with its own database
	@$(PY) -m portal.local --name dev sh -c '$(PY) manage.py migrate -v 0 && exec $(PY) manage.py runserver $(PORT)'

test: setup-tests  ## run every test, the browser's included
	@$(WITH_DATABASE) test $(PY) -m pytest -n 2 $(PYTEST_ARGS)

test-fast: NO_BROWSER := 1
test-fast: setup-tests  ## run the tests without browser, journeys and slow ones
	@$(WITH_DATABASE) test-fast $(PY) -m pytest -n 2 -m "not browser and not slow" --ignore=tests/journeys $(PYTEST_ARGS)

check: NO_BROWSER := 1
check: setup-tests  ## lint, types, import contracts, migrations, packs, locks
	@$(WITH_DATABASE) check --fresh sh portal/local/check.sh

soak: setup-tests  ## kill workers, flood the form, race for long: for an idle machine, about half an hour
	@FLOOD_SECONDS=60 FLOOD_ADDRESSES=200 FAULT_KILLS=30 FAULT_REMINDERS=500 FAULT_LETTERS=100 RACE_TRIALS=30 CLOCK_IN_FULL=1 HISTORIES=100 \
	  $(WITH_DATABASE) soak $(PY) -m pytest -n 0 -s -p no:randomly tests/faults tests/complaints/test_flood.py tests/complaints/test_races.py \
	  tests/bases/test_revocation_races.py tests/complaints/test_clock.py tests/complaints/test_histories.py

bench: setup  ## measure pages against floors in the same run and write docs/bench.md
	@DJANGO_SETTINGS_MODULE=portal.settings.bench $(WITH_DATABASE) bench --fresh sh -c '$(PY) manage.py migrate -v 0 && exec $(PY) manage.py bench $(BENCH_ARGS)'

lock:  ## pin requirements/*.in anew, with hashes and no address
	@$(PYTHON) portal/local/install.py base
	@$(PY) -m pip install -q uv
	@for name in base dev postgres; do \
	  $(PY) -m uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 $(UPGRADE) \
	    requirements/$$name.in -o requirements/$$name.txt || exit 1; done

messages: setup-tests  ## collect the texts to translate into locale/ and compile what is translated (needs gettext)
	@$(WITH_DATABASE) check $(PY) manage.py makemessages -l en --no-location --no-wrap --no-obsolete \
	  --ignore=.venv --ignore=var --ignore=tests
	@$(PY) -c "from portal.local.setup import compile_messages; compile_messages()"
