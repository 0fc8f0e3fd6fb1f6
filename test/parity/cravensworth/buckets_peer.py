"""Answers the hash of an identity and a seed, Cravensworth's own bucket, and the bucket of 10,000."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / 'environment'))

from cravensworth.core.models import Context
from line_peer import serve
from rapidhash import rapidhash


def answer(question: dict) -> dict:
    identity, seed = question['identity'], question['seed']
    hashed = rapidhash(f'{identity}{seed}'.encode())
    return {
        # A text, because JavaScript's numbers have 53 bits.
        'hash': str(hashed),
        'bucket': Context({'id': identity}).identity('id', seed),
        'fine': hashed % 100 * 100 + hashed // 100 % 100,
    }


if __name__ == '__main__':
    serve(answer)
