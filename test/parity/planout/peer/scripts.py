"""Runs scripts in PlanOut's JSON, with the original interpreter and with the documented one."""

import types

from documented import NOTES, Refused, numbers, refuse
from original import DOCUMENTED, ORIGINAL, bounded, encode, failed_operator

# The arguments that each operator needs when a script is loaded.
NEEDED = {
    'get': ['var'], 'set': ['var', 'value'], 'seq': ['seq'], 'return': ['value'], 'literal': ['value'],
    'array': ['values'], 'map': [], 'index': ['base', 'index'], 'cond': ['cond'],
    'and': ['values'], 'or': ['values'], 'coalesce': ['values'],
    'sum': ['values'], 'product': ['values'], 'min': ['values'], 'max': ['values'],
    'equals': ['left', 'right'], '<': ['left', 'right'], '<=': ['left', 'right'], '>': ['left', 'right'],
    '>=': ['left', 'right'], '%': ['left', 'right'], '/': ['left', 'right'],
    'not': ['value'], 'length': ['value'], 'round': ['value'], 'negative': ['value'],
    'uniformChoice': ['choices', 'unit'], 'weightedChoice': ['choices', 'weights', 'unit'],
    'bernoulliTrial': ['p', 'unit'], 'bernoulliFilter': ['choices', 'p', 'unit'],
    'randomInteger': ['min', 'max', 'unit'], 'randomFloat': ['min', 'max', 'unit'],
    'sample': ['choices', 'unit'], 'fastSample': ['choices', 'unit'],
}  # fmt: skip
LISTS = {'seq': 'seq', 'array': 'values'}
OVER_LISTS = ('sum', 'product', 'min', 'max')


def check(part: object, assigned: bool = False) -> None:
    """Finds the mistakes for which Evenhand does not load a script, also in branches that do not run."""
    if isinstance(part, list):
        for item in part:
            check(item)
        return
    if not isinstance(part, dict) or 'op' not in part:
        return
    op = part['op']
    if not isinstance(op, str) or op not in NEEDED:
        refuse('mistakes at load')
    needed = NEEDED[op]
    if op in OVER_LISTS and 'values' not in part:
        needed = ['value']
    if 'p' in needed or 'unit' in needed:
        needed = needed if assigned or 'salt' in part or 'full_salt' in part else [*needed, 'salt']
    if not all(name in part for name in needed):
        refuse('mistakes at load')
    if op in ('get', 'set') and not isinstance(part['var'], str):
        refuse('mistakes at load')
    if op in LISTS and not isinstance(part[LISTS[op]], list):
        refuse('mistakes at load')
    if op == 'cond':
        check_clauses(part['cond'])
    elif op != 'literal':
        for name, value in part.items():
            if name in NEEDED[op] or op not in IGNORING:
                check(value, assigned=op == 'set' and name == 'value')


# These operators evaluate only the arguments that they know.
IGNORING = ('get', 'set', 'seq', 'return', 'literal', 'array', 'cond', 'and', 'or', 'coalesce')


def check_clauses(clauses: object) -> None:
    if not isinstance(clauses, list):
        refuse('mistakes at load')
    for clause in clauses:
        if not isinstance(clause, dict) or not clause.keys() >= {'if', 'then'}:
            refuse('mistakes at load')
        check(clause['if'])
        check(clause['then'])


def run(planout: types.SimpleNamespace, question: dict) -> object:
    interpreter = planout.interpreter.Interpreter(
        question['script'], question['salt'], question['inputs']
    )
    try:
        interpreter.set_overrides(question.get('overrides') or {})
        with bounded():
            params = dict(interpreter.get_params())
        return {'params': encode(params), 'inExperiment': interpreter.in_experiment}
    except Exception as error:
        return {'failed': failed_operator(error), 'why': f'{type(error).__name__}: {error}'}


def answer(question: dict) -> dict:
    """Returns the outcome of the original, and what the documented differences make of it."""
    NOTES.clear()
    # Copied first, because the original changes the scripts and inputs that it runs.
    copy = numbers(question)
    original = run(ORIGINAL, question)
    try:
        check(copy['script'])
        documented = run(DOCUMENTED, copy)
    except Refused:
        documented = {'failed': 'load', 'why': 'refused'}
    return {'original': original, 'documented': documented, 'notes': sorted(NOTES)}
