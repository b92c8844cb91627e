# The commands that one really uses; `just` lists them.

bin := if os_family() == "windows" { ".venv/Scripts" } else { ".venv/bin" }
python := if os_family() == "windows" { "py" } else { "python3" }

_list:
    @just --list --unsorted

# make .venv, with everything that tests need
setup:
    {{python}} -m venv .venv
    {{bin}}/pip install -q -c constraints.txt -e '.[test]'

# run some tests: just test tests/sorting -k undo
test *args:
    {{bin}}/python -m pytest -q {{args}}

# run all tests on all cores
test-all:
    {{bin}}/python -m pytest -n auto --dist worksteal

# style, types, import contracts
check:
    {{bin}}/ruff check --fix .
    {{bin}}/ruff format .
    {{bin}}/mypy
    {{bin}}/lint-imports --no-cache

# the documents as a site, in build/site; needs pip install -c constraints.txt -e '.[docs]'
docs:
    {{bin}}/sphinx-build -q -W -c docs/site . build/site

# check and build the page
page:
    cd page && npm ci --silent && npm run --silent check && npm run --silent build

# change sorting/ at random, and see which changes no test notices; needs pip install mutmut
mutants *args:
    {{bin}}/python -m tests.faults.mutants {{args}}

# all that must pass, in fresh clones
ci:
    .ci/run
