# shellcheck shell=bash
# The virtual environment in .venv that scripts/run and scripts/test share; sourced from the project's folder.

readonly VENV=.venv
readonly VENV_PYTHON=$VENV/bin/python

say() { printf '%s\n' "$@"; }

complain() { printf '%s\n' "$@" >&2; }

fail() {
    complain "$@"
    exit 1
}

# Prints the first interpreter that is new enough and can make a virtual environment; exits 1 when there is none.
find_python() {
    local candidate
    for candidate in python3.13 python3.12 python3.11 python3; do
        if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            say "$candidate"
            return
        fi
    done
    return 1
}

explain_missing_python() {
    local version
    if ! version=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null); then
        fail "Checker needs Python 3.11 or newer and found none." \
            "Install it with: sudo apt-get install python3 python3-venv"
    elif python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        fail "Python $version is here, but not the part that makes virtual environments." \
            "Install it with: sudo apt-get install python$version-venv"
    fi
    fail "Checker needs Python 3.11 or newer; this machine's python3 is $version." \
        "Install a newer one beside it, with its venv part (Debian 12, Ubuntu 24.04 and newer have one)," \
        "for example: sudo apt-get install python3.12 python3.12-venv"
}

# A Python upgrade or a move of the folder can leave a .venv that no longer runs, or runs without its packages.
environment_works() {
    "$VENV_PYTHON" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

make_environment() {
    local python
    python=$(find_python) || explain_missing_python
    say "Making a virtual environment in $VENV with $("$python" --version)."
    "$python" -m venv --clear "$VENV" || fail "The virtual environment could not be made; the lines above say why."
}

# prepare_environment FILE...: .venv holds exactly what the last FILE pins. Every earlier FILE must be part of it.
# The sums of what was installed are kept inside .venv, so a start with unchanged files asks no package index.
prepare_environment() {
    local wanted=${!#} installed=$VENV/installed-requirements
    environment_works || make_environment
    if grep -qsxF "$(sha256sum "$wanted")" "$installed"; then
        return
    fi
    say "Installing $(grep -c '^[a-z0-9-]*==' "$wanted") packages of $wanted into $VENV; the first time takes a minute or two."
    rm -f "$installed"
    "$VENV_PYTHON" -m pip install --quiet --quiet --require-hashes --requirement "$wanted" || explain_failed_install
    sha256sum "$@" >"$installed"
}

explain_failed_install() {
    fail "The packages could not be installed; pip's lines above say why. The usual causes:" \
        "- no way to a package index: check the network; behind a proxy set HTTPS_PROXY, for a mirror PIP_INDEX_URL;" \
        "- a compiler is asked for: there is no ready package for $(uname -m) here (docs/dependencies.md);" \
        "- hashes differ: the index serves other files than those this release was tested with." \
        "Then start again; nothing needs to be cleaned up."
}
