"""Reads the values of visitors.ts: JSON with marked objects for what JSON does not have."""

import json
from datetime import datetime
from decimal import Decimal
from uuid import UUID


class Named:
    """An object with its own text, such as an ObjectId."""

    def __init__(self, text: str):
        self.text = text

    def __str__(self) -> str:
        return self.text


MARKS = {
    '$int': int,
    '$float': float,
    '$uuid': UUID,
    '$decimal': Decimal,
    '$named': Named,
    '$bytes': lambda text: text.encode(),
    '$date': datetime.fromisoformat,
}


def unmark(found: dict) -> object:
    if len(found) == 1:
        [(mark, text)] = found.items()
        if mark in MARKS:
            return MARKS[mark](text)
    return found


def read(text: str) -> object:
    return json.loads(text, object_hook=unmark)
