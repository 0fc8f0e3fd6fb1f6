"""Answers lists of texts with the lower and upper case of each: CPython's side of letter-case.slow.test.ts."""

import sys
import unicodedata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / 'environment'))

from line_peer import serve


def answer(texts: list) -> dict:
    cases = [[text.lower(), text.upper()] for text in texts]
    return {'unicode': unicodedata.unidata_version, 'cases': cases}


serve(answer)
