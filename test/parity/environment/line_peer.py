"""Answers lines of JSON on standard input with lines of JSON: the Python side of line-peer.ts."""

import json
import sys
from collections.abc import Callable


def serve(answer: Callable[[object], object]) -> None:
    for line in sys.stdin:
        # ensure_ascii keeps lone surrogates and line separators intact.
        sys.stdout.write(json.dumps(answer(json.loads(line))) + '\n')
        sys.stdout.flush()
