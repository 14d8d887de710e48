#!/usr/bin/env bash
# The built package in an environment of its own, in an empty folder with no checkout near.
# `bash tests/wheel.sh`, after `make setup`.
set -euo pipefail
cd "$(dirname "$0")/.."
checkout=$PWD uv=$PWD/.venv/bin/uv
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT

# The wheel is made from the source archive, so both are whole.
"$uv" build --quiet --python .venv/bin/python --out-dir "$work" .
.venv/bin/python -m venv "$work/env"
"$uv" pip install --quiet --python "$work/env/bin/python" --require-hashes -r requirements-build.lock
"$uv" pip install --quiet --python "$work/env/bin/python" --no-build-isolation --require-hashes \
  -r requirements.lock
"$uv" pip install --quiet --python "$work/env/bin/python" --no-deps "$work"/*.whl

mkdir "$work/empty" && cd "$work/empty"
export XDG_DATA_HOME=$work/data PATH=$work/env/bin:$PATH
recovery-tracker upgrade
{ recovery-tracker check 2>&1 || true; } | grep "set-up: not done yet"
recovery-tracker report "$checkout/docs/examples/back-pain-returns.csv" --surgery-date 2026-01-12 \
  --region lumbar --out report.pdf
head -c 5 report.pdf | grep -q "%PDF-"
for what in run demo; do
  recovery-tracker "$what" --port 0 >"$what.txt" 2>&1 &
  for _ in $(seq 120); do grep -Eq "^(First run|surgeon:)" "$what.txt" && break; sleep 0.5; done
  link=$(grep -Eo 'http://[^ ]+' "$what.txt" | tail -1)
  python - "$link" <<'PY'
import sys
from urllib.request import urlopen

with urlopen(sys.argv[1], timeout=60) as answer:
    assert answer.status == 200 and b"<main" in answer.read()
PY
  kill "$!"; wait "$!" 2>/dev/null || true
done
echo "The wheel runs."
