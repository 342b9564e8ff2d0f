#!/bin/sh
# `make check`: every tool runs, each failure is named, and the status tells whether there was one.
PATH="$PWD/.venv/bin:$PATH"
failed=""

step() {
    name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed="$failed $name"
}

step ruff ruff check .
step format ruff format --check .
step templates djlint --lint --quiet templates
step types mypy
step imports lint-imports
step system python manage.py check --fail-level ERROR --database default
step migrations python manage.py makemigrations --check --dry-run
step migrate python manage.py migrate -v 0
step packs python manage.py policies check fixtures/policies/*-[0-9][0-9][0-9][0-9].toml
step coverage python manage.py policies coverage
step sizes python -m pytest -q -p no:randomly -n 0 tests/architecture/test_locks.py tests/architecture/test_sizes.py

if [ -n "$failed" ]; then
    printf 'make check: failed:%s\n' "$failed"
    exit 1
fi
echo 'make check: all passed'
