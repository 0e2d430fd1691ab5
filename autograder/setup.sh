#!/bin/sh
# Installs what grading needs when an image is built: Gradescope and `otter grade` run this as root.
# Safe to run again.
set -eu

source=$(cd "$(dirname "$0")" && pwd)
home=/opt/true-values
venv=$home/venv
package=$home/package
oldest=11
newest=14  # of Python 3: the pinned NumPy has wheels for no other

export DEBIAN_FRONTEND=noninteractive
umask 022
log=$(mktemp)
trap 'rm -f "$log"' EXIT

fail() {
    echo >&2
    echo "True Values could not be installed: $1" >&2
    echo "$2" >&2
    exit 1
}

choose_another_image="On Gradescope, choose Ubuntu 22.04 or 24.04 as base image (Configure Autograder); with \`otter grade\`,
give \`--image ubuntu:24.04\`. Debian 12 and 13 will do too."

# ---------------------------------------------------------------- what is there

suitable() {
    [ -x "$1" ] && "$1" -I -c "import sys, venv; sys.exit(not (3, $oldest) <= sys.version_info[:2] <= (3, $newest))" 2>/dev/null
}

# Only where every user may read: a worker that runs notebooks is nobody in particular.
installed_python() {
    for minor in $(seq $newest -1 $oldest) ""; do
        for folder in /usr/local/bin /usr/bin; do
            if suitable "$folder/python3${minor:+.$minor}"; then
                echo "$folder/python3${minor:+.$minor}"
                return
            fi
        done
    done
}

# The pip that comes with Python, or that Debian keeps for it: it is used from here and never installed.
pip_of() {
    for wheel in "$("$1" -I -c 'import ensurepip; print(ensurepip.__path__[0])' 2>/dev/null || true)"/_bundled/pip-*.whl \
        /usr/share/python-wheels/pip-*.whl; do
        if [ -f "$wheel" ]; then
            echo "$wheel"
            return
        fi
    done
}

has_libseccomp() {
    "$1" -I -c 'import ctypes; ctypes.CDLL("libseccomp.so.2")' 2>/dev/null
}

# ---------------------------------------------------------------- Python, from the system's packages

apt() {
    apt-get -q -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 "$@" >>"$log" 2>&1
}

apt_failed() {
    cat "$log" >&2
    fail "$1" "What apt-get said is above. If it reached no server: building an image needs the network. $choose_another_image"
}

# Lists that are there may be old, or of a mirror that has moved on: then once more with new ones.
install() {
    set -- --no-install-recommends -o Dpkg::Options::=--force-unsafe-io \
        -o Dpkg::Options::=--path-exclude='/usr/share/doc/*' -o Dpkg::Options::=--path-exclude='/usr/share/man/*' "$@"
    apt install -y "$@" && return
    apt update && apt install -y "$@"
}

python=$(installed_python)
added=
if [ -z "$python" ] || [ -z "$(pip_of "$python")" ] || ! has_libseccomp "$python"; then
    command -v apt-get >/dev/null ||
        fail "this image has no Python 3.$oldest to 3.$newest with pip and libseccomp, and no apt-get to install them." \
            "$choose_another_image"
    ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1 || apt update || apt_failed "the lists of packages could not be read."
    wanted=libseccomp2
    if [ -z "$python" ]; then
        for minor in $(seq $newest -1 $oldest); do
            if apt-cache show "python3.$minor" 2>/dev/null | grep -q '^Filename:'; then
                wanted="$wanted python3.$minor"
                python=/usr/bin/python3.$minor
                break
            fi
        done
        [ -n "$python" ] || fail "it needs Python 3.$oldest to 3.$newest, and this image ($(
            . /etc/os-release && echo "$PRETTY_NAME"
        )) has no package of one." "$choose_another_image"
        [ -n "$(ls /usr/share/python-wheels/pip-*.whl 2>/dev/null)" ] || added=python3-pip-whl
    elif [ -z "$(pip_of "$python")" ]; then
        added=python3-pip-whl
    fi
    # shellcheck disable=SC2086  # a list of words
    install $wanted $added || apt_failed "apt-get could not install $wanted $added."
fi

# ---------------------------------------------------------------- packages, from pip

rm -rf "$venv" "$package"
mkdir -p "$home"
"$python" -I -m venv --without-pip "$venv" || fail "$python made no virtual environment in $venv." "$choose_another_image"

if ! PYTHONPATH=$(pip_of "$python") "$venv/bin/python" -m pip install --disable-pip-version-check --no-input \
    --no-cache-dir --no-compile --no-deps --only-binary :all: --progress-bar off \
    -r "$source/requirements.txt" >"$log" 2>&1; then
    cat "$log" >&2
    which=$(sed -n 's/.*No matching distribution found for //p' "$log")
    fail "pip could not install ${which:-the packages of requirements.txt} for $("$python" --version) on $(uname -m)." \
        "What pip said is above. If it reached no server, look at the network and build again; otherwise: $choose_another_image"
fi

# ---------------------------------------------------------------- less of them

cd "$venv"/lib/python3.*/site-packages
# Modules beside the tests stay: numpy.testing imports one of them.
find . -type d -path '*/tests/*' \( -name baseline_images -o -name data \) -prune -exec rm -rf {} +
find . -path '*/tests/*' \( -name 'test_*' -o -name '*.so' -o -name '*.csv' \) -type f -delete
find . \( -name '*.pyi' -o -name '*.a' -o -name '*.c' -o -name '*.h' -o -name '*.pxd' -o -name '*.pyx' \) -type f -delete
find numpy/_core -name '_*tests.*.so' -delete
rm -rf matplotlib/mpl-data/sample_data numpy/f2py/tests numpy/_core/_simd.*.so
find fontTools -name '*.so' -delete  # each is there in Python too
rm -rf PIL/_avif.*.so pillow.libs/libavif-*  # pictures in AVIF

# ---------------------------------------------------------------- the grader, and bytecode for all

(umask 077 && mkdir "$package")  # code of students never needs it
"$python" -I -m zipfile -e "$source/requirements.package.zip" "$package"
"$venv/bin/python" -I -m compileall -q -j 0 "$PWD" "$package" ||
    fail "not everything could be compiled to bytecode." "What Python said is above."
cd /
"$venv/bin/python" -I -c "import sys; sys.path.insert(0, '$package')
import IPython.core.interactiveshell, matplotlib.pyplot, nbformat, numpy.testing, packaging, autograder.syscalls
autograder.syscalls.compiled(programs=False, signals=False)" ||
    fail "something is missing of what was installed." "What Python said is above. $choose_another_image"

# ---------------------------------------------------------------- what only the installation needed

if command -v apt-get >/dev/null; then
    [ -z "$added" ] || dpkg --purge "$added" >>"$log" 2>&1
    apt-get clean
    rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/cache/debconf/*-old
fi
