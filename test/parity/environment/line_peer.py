"""Answers lines of JSON on standard input with lines of JSON: the Python side of line-peer.ts."""

import json
import resource
import sys
from collections.abc import Callable


# Python multiplies lists: without a limit, a list times a large number takes all memory of the machine.
MAX_BYTES = 2**30


def serve(answer: Callable[[object], object]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
    for line in sys.stdin:
        # ensure_ascii keeps lone surrogates and line separators intact.
        sys.stdout.write(json.dumps(answer(json.loads(line))) + '\n')
        sys.stdout.flush()
