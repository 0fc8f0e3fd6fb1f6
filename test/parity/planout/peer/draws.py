"""Draws with single operators: assigned to a parameter, or executed directly."""

import re
import types

from documented import NOTES, numbers
from original import DOCUMENTED, ORIGINAL, decode, encode

CLASSES = {
    'uniformChoice': 'UniformChoice', 'weightedChoice': 'WeightedChoice', 'bernoulliTrial': 'BernoulliTrial',
    'bernoulliFilter': 'BernoulliFilter', 'randomInteger': 'RandomInteger', 'randomFloat': 'RandomFloat',
    'sample': 'Sample', 'fastSample': 'FastSample',
}  # fmt: skip


def operator(planout: types.SimpleNamespace, op: str, args: dict) -> object:
    return getattr(planout.random, CLASSES[op])(**args)


def draw(planout: types.SimpleNamespace, question: dict) -> object:
    assignment = planout.assignment.Assignment(question['experimentSalt'])
    if 'separator' in question:
        assignment.salt_sep = question['separator']
    one = operator(planout, question['op'], question['args'])
    try:
        if 'parameter' not in question:
            return {'drawn': encode(one.execute(assignment))}
        assignment[question['parameter']] = one
        return {'drawn': encode(assignment[question['parameter']])}
    except Exception as error:
        return {'failed': argument_of(error), 'why': f'{type(error).__name__}: {error}'}


def argument_of(error: Exception) -> str | None:
    """Returns the argument that a message is about, if it is about one."""
    found = re.search(r'missing argument: (\w+)|: (\w+) must be', str(error))
    return found and (found[1] or found[2])


def answer(question: dict) -> dict:
    """Returns the draw of the original, and what the documented differences make of it."""
    NOTES.clear()
    documented = draw(DOCUMENTED, numbers(decode(question)))
    original = draw(ORIGINAL, decode(question))
    return {'original': original, 'documented': documented, 'notes': sorted(NOTES)}
