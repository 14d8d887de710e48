# Sourced by every finding: a temporary folder with its own Python environment, removed on exit.
# install PACKAGE==VERSION... puts exactly these packages there; $python then runs them.
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONWARNINGS=ignore
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python=$place/venv/bin/python

install() {
  "${PYTHON:-python3}" -m venv "$place/venv"
  "$python" -m pip install -qq --no-input "$@" >&2
  cd "$place"
}
