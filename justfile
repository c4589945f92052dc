# What to do with this repository; `just` lists it.

_default:
    @just --list

# All that CI checks, or only some of its stages: `just ci fmt clippy`.
ci *STAGES:
    bash .ci/run {{STAGES}}

# The tests.
test:
    cargo test

# Accept what the tests make now as what they should make.
bless NAME="":
    SNAPSHOTS=overwrite cargo test --lib --test testsuite {{NAME}}

# The numbers of the README.
bench:
    cargo bench

# All commands in copies of the git checkouts below DIR, and what held in how many.
real-repositories DIR:
    cargo bench --profile dev --bench repositories -- "{{DIR}}"
