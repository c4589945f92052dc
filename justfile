# What to do with this repository; `just` lists it.

_default:
    @just --list

# All that CI checks.
ci:
    bash .ci/run

# The tests.
test:
    cargo test

# Accept what the tests make now as what they should make.
bless NAME="":
    SNAPSHOTS=overwrite cargo test --lib --test testsuite {{NAME}}

# The numbers of the README.
bench:
    cargo bench
