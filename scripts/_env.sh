# Sourced by the other scripts: finds the repository, and makes the Python environment that they run in.
#
# The caller has $0 set to its own path. After `ensure_env`, $REPO is the repository and $PYTHON the environment's Python.

set -eu

REPO=$(CDPATH='' cd -- "${0%"${0##*/}"}./.." && pwd -P)
VENV=${MSJAX_VENV:-$REPO/.venv}
case $VENV in /*) ;; *) VENV=$PWD/$VENV ;; esac
PYTHON=$VENV/bin/python

fail() {
    printf '%s: %s\n' "scripts/${0##*/}" "$1" >&2
    exit 1
}

# The lines of a script's own comment block are its help.
show_help() {
    sed -n '2,/^$/{s/^# \{0,1\}//p;}' "$0"
}

# A name on PATH proves nothing (version managers put shims there that only fail), so each candidate is run.
find_python() {
    for candidate in python3.13 python3.12 python3.11 python3 python; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

make_venv() {
    base=$(find_python) || fail "needs Python 3.11 or newer with the venv module; none found on PATH"
    mkdir -p "$VENV" 2>/dev/null && [ -w "$VENV" ] || fail "cannot write to $VENV (set MSJAX_VENV to another folder)"
    echo "Making a Python environment in $VENV (only the first time)" >&2
    rm -f "$VENV"/bin/python* # links to a Python that is gone would stay
    "$base" -m venv "$VENV" >"$VENV/install.log" 2>&1 || fail "python -m venv failed, see $VENV/install.log"
}

install_msjax() {
    log=$VENV/install.log
    echo "Installing msjax and what it needs (a minute or two)" >&2
    if ! "$PYTHON" -m pip install --disable-pip-version-check -e "${REPO}[test]" >"$log" 2>&1; then
        if grep -qiE 'retrying|connection|name resolution|timed out|network is unreachable' "$log"; then
            fail "no network: pip could not reach the package index, see $log"
        fi
        fail "pip could not install msjax, see $log ($(grep -m 1 '^ERROR' "$log" || echo 'no reason given'))"
    fi
}

# Makes the environment where there is none, and installs anew when pyproject.toml changed or the repository moved.
ensure_env() {
    stamp=$VENV/.msjax-installed
    wanted="$REPO $(cksum <"$REPO/pyproject.toml")"
    if "$PYTHON" -c '' 2>/dev/null && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    "$PYTHON" -m pip --version >/dev/null 2>&1 || "$PYTHON" -m ensurepip >/dev/null 2>&1 || make_venv
    rm -f "$stamp"
    install_msjax
    printf '%s\n' "$wanted" >"$stamp"
}
