"""Every benchmark, one after the other: `make bench`, or `python -m benchmarks [NAME ...] [--json]`.

A benchmark is a module that prints its table (with `--json`, one JSON object), and ends with exit code 1
when it misses one of its bounds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NAMES = tuple(sorted(path.stem for path in HERE.glob("[!_]*.py")))


def run(name: str, as_json: bool) -> tuple[int, str]:
    """The exit code of one benchmark, and its output when it is to be JSON (else it goes to the terminal)."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *(["--json"] if as_json else [])]
    done = subprocess.run(command, cwd=HERE.parent, stdout=subprocess.PIPE if as_json else None, text=True)
    return done.returncode, done.stdout or ""


def main() -> int:
    """Run the named benchmarks (all of them without names) and return 1 when one missed a bound or failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Run the benchmarks.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)} (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object: name to what it printed")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"no benchmark {sorted(unknown)[0]!r}: choose from {', '.join(NAMES)}")
    failed, collected = [], {}
    for name in options.names or NAMES:
        if not options.json:
            print(f"── {name}", flush=True)
        code, output = run(name, options.json)
        if options.json:
            collected[name] = json.loads(output) if output else None
        if code:
            failed.append(name)
    if options.json:
        print(json.dumps(collected))
    elif failed:
        print(f"missed or failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
