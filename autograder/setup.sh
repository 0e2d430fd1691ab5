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
    printf '\nTrue Values could not be installed: %s\n%s\n' "$1" "$2" >&2
    exit 1
}

said_above() {
    cat "$log" >&2
    fail "$1" "The reason is above. ${2:-If no server could be reached, look at the network, and build the image again.}"
}

another_image="Choose another base image. On Gradescope: Ubuntu 24.04 or 22.04, under Configure Autograder. With \`otter grade\`:
\`--image ubuntu:24.04\`. Debian 12 and 13 will do too."

[ "$(id -u)" = 0 ] || fail "setup.sh installs packages for everyone, and you are not root." "It is for images, not for your own machine."
for needed in requirements.txt requirements.package.zip; do
    [ -f "$source/$needed" ] || fail "$source/$needed is missing." "Make the zip again with \`autograder build\`, and upload it whole."
done

# ---------------------------------------------------------------- what is there

suitable() {
    [ -x "$1" ] && "$1" -I -c "import sys, venv; sys.exit(not (3, $oldest) <= sys.version_info[:2] <= (3, $newest))" 2>/dev/null
}

# Only where every user may read: notebooks run as nobody in particular.
installed_python() {
    for version in $(seq -f '3.%g' $newest -1 $oldest) 3; do
        for folder in /usr/local/bin /usr/bin; do
            if suitable "$folder/python$version"; then
                echo "$folder/python$version"
                return
            fi
        done
    done
}

packaged_python() {
    # shellcheck disable=SC2046  # a list of words
    apt-cache show $(seq -f 'python3.%g' $oldest $newest) 2>/dev/null |
        sed -n 's/^Package: \(python3\.[0-9]*\)$/\1/p' | sort -V | tail -1
}

has_lists() {
    ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1
}

# The pip that comes with Python, or that Debian keeps for it. It is used from its wheel, never installed.
pip_of() {
    bundled=$("$1" -I -c 'import ensurepip; print(*ensurepip.__path__)' 2>/dev/null || true)/_bundled
    for wheel in "$bundled"/pip-*.whl /usr/share/python-wheels/pip-*.whl; do
        if [ -f "$wheel" ]; then
            echo "$wheel"
            return
        fi
    done
}

has_libseccomp() {
    "$1" -I -c 'import ctypes; ctypes.CDLL("libseccomp.so.2")' 2>/dev/null
}

# ---------------------------------------------------------------- from apt: Python

apt() {
    apt-get -q -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 "$@" >>"$log" 2>&1
}

# Lists that are there may be old: then once more with new ones.
install() {
    set -- --no-install-recommends -o Dpkg::Options::=--force-unsafe-io \
        -o Dpkg::Options::=--path-exclude='/usr/share/doc/*' -o Dpkg::Options::=--path-exclude='/usr/share/man/*' "$@"
    apt install -y "$@" || { apt update && apt install -y "$@"; }
}

installed_packages() {
    # shellcheck disable=SC2016  # dpkg-query puts in the name
    dpkg-query -W -f '${Package}\n'
}

python=$(installed_python)
tools=  # what is installed for pip alone, and removed again
if [ -z "$python" ] || [ -z "$(pip_of "$python")" ] || ! has_libseccomp "$python"; then
    system=$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null | tr -d '"')
    command -v apt-get >/dev/null || fail \
        "this image, ${system:-whatever it is}, lacks Python 3.$oldest to 3.$newest with venv and pip, or libseccomp, and has no apt-get to install them." \
        "$another_image"
    has_lists || apt update || true  # whether it failed is seen by what is there
    has_lists || said_above "apt-get could not download the lists of packages."
    missing=libseccomp2
    if [ -z "$python" ]; then
        missing="$missing $(packaged_python)"
        python=/usr/bin/${missing##* }
        [ "$missing" != "libseccomp2 " ] ||
            fail "it needs Python 3.$oldest to 3.$newest, and $system has no package of one." "$another_image"
    fi
    [ -n "$(pip_of "$python")" ] || tools=python3-pip-whl
    # shellcheck disable=SC2086  # a list of words
    install $missing $tools || said_above "apt-get could not install $missing $tools."
fi

# ---------------------------------------------------------------- from pip: packages

rm -rf "$venv" "$package"
mkdir -p "$home"
"$python" -I -m venv --without-pip "$venv" >"$log" 2>&1 || said_above "$python made no virtual environment." "$another_image"

packages() {
    PYTHONPATH=$(pip_of "$python") "$venv/bin/python" -m pip install --disable-pip-version-check --no-input \
        --no-cache-dir --no-compile --no-deps --only-binary :all: --progress-bar off \
        -r "$source/requirements.txt" >"$log" 2>&1
}

without_packages() {
    which=$(sed -n 's/.*No matching distribution found for //p' "$log")
    said_above "pip could not install ${which:-the packages of requirements.txt} for $("$python" --version) on $(uname -m)." \
        "If no server could be reached, look at the network, and build the image again. Otherwise:
$another_image"
}

if ! packages; then
    grep -q "No module named 'distutils" "$log" || without_packages
    before=$(installed_packages)  # the pip of Ubuntu 22.04 needs them
    install python3-distutils || said_above "apt-get could not install python3-distutils."
    tools="$tools $(installed_packages | grep -vxF "$before" || true)"
    packages || without_packages
fi

# ---------------------------------------------------------------- less of them

cd "$venv"/lib/python3.*/site-packages
find . -type d -path '*/tests/*' \( -name baseline_images -o -name data \) -prune -exec rm -rf {} +
find . -path '*/tests/*' \( -name 'test_*' -o -name '*.so' -o -name '*.csv' \) -type f -delete  # numpy.testing needs the rest
find . \( -name '*.pyi' -o -name '*.a' -o -name '*.c' -o -name '*.h' -o -name '*.pxd' -o -name '*.pyx' \) -type f -delete
find numpy/_core \( -name '_*tests.*.so' -o -name '_simd.*.so' \) -delete  # for tests
find fontTools -name '*.so' -delete  # each is there in Python too
rm -rf matplotlib/mpl-data/sample_data PIL/_avif.*.so pillow.libs/libavif-*

# ---------------------------------------------------------------- the grader

(umask 077 && mkdir "$package")  # code of students never needs it
"$python" -I -m zipfile -e "$source/requirements.package.zip" "$package" >"$log" 2>&1 ||
    said_above "$source/requirements.package.zip could not be unpacked." "Make the zip again with \`autograder build\`, and upload it whole."
"$venv/bin/python" -I -m compileall -q -j 0 "$PWD" "$package" >"$log" 2>&1 || said_above "not everything could be compiled to bytecode."
cd /
# Matplotlib keeps the list of fonts that it makes when it is first imported.
MPLCONFIGDIR=$home/matplotlib "$venv/bin/python" -I -c "import sys; sys.path.insert(0, '$package')
import IPython.core.interactiveshell, matplotlib.pyplot, nbformat, numpy.testing, packaging, autograder.container, autograder.syscalls
autograder.syscalls.compiled(programs=False, signals=False)" >"$log" 2>&1 || said_above "what was installed does not work." "$another_image"

# ---------------------------------------------------------------- what only the installation needed

if command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086  # a list of words
    [ -z "$tools" ] || dpkg --purge $tools >"$log" 2>&1 || said_above "$tools could not be removed."
    apt-get clean
    rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/cache/debconf/*-old
fi
