"""Answers what the originals make of rules, and what Python makes of them with the named differences."""

import ast
import json
import math
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / 'environment'))

from explained import Explained, Refused, Scope
from line_peer import serve
from originals import cpython, cravensworth, kind_of
from refusals import (
    ODD_CHARACTERS,
    NotSigns,
    python_spelling,
    refusals,
    refusals_of_text,
    without_first_comments,
)


def explained(text: str, context: dict) -> dict:
    """Returns the codes and the result that the named differences lead to, and the names of these."""
    rule = text.translate(ODD_CHARACTERS)
    found = set(refusals_of_text(rule))
    answers = evaluated(rule, context, found)
    results = set(answers['results'])
    for reuses in (False, True) if 'is on collections' in answers['names'] else (False,):
        for towards in (None, -math.inf, math.inf) if 'last digits' in answers['names'] else (None,):
            results |= set(evaluated(rule, context, found, reuses, towards)['results'])
    names = answers['names'] if rule == text else sorted({*answers['names'], 'odd characters'})
    return {**answers, 'names': names, 'results': sorted(results, key=str)}


def evaluated(
    rule: str, context: dict, found: set, reuses: bool = False, towards: float | None = None
) -> dict:
    explanation = Explained(context, reuses, towards)
    names = explanation.names
    try:
        tree = parsed(rule, names)
        if tree is None:
            found = {*found, ('none', 'syntax'), *refusals_of_statements(rule)}
        else:
            found = {*found, *refusals(tree)}
        if found:
            return answer({code for _, code in found}, {name for name, _ in found} - {'none'}, True)
        value = explanation.value_of(tree.body, Scope())
        return answer({value if type(value) is bool else 'not-boolean'}, names)
    except Refused as refused:
        return answer({refused.code}, names)
    except Exception as error:
        return answer({kind_of(error)}, names)


def answer(results: set, names: set, at_load: bool = False) -> dict:
    return {'results': sorted(results, key=str), 'names': sorted(names), 'atLoad': at_load}


def refusals_of_statements(rule: str):
    """Yields what Evenhand refuses in a text that Cravensworth can parse, but CPython can't evaluate."""
    try:
        module = ast.parse(rule.strip())
    except Exception:
        return
    if module.body:
        yield 'statements', 'syntax'
        yield from refusals(module)


def parsed(rule: str, names: set) -> ast.Expression | None:
    """Returns the tree, also of a rule with what rules add to Python's syntax."""
    for name, spelled in (
        (None, rule),
        ('added', python_spelling(rule)),
        ('indentation', without_first_comments(rule)),
        ('added', python_spelling(without_first_comments(rule))),
    ):
        try:
            tree = ast.parse(spelled.strip(), mode='eval')
        except (SyntaxError, ValueError):
            continue
        if name is not None:
            names.add(name)
        return NotSigns().visit(tree) if name == 'added' else tree
    return None


def reasons_for_cpython(rule: str, result: bool | str | None) -> list[str]:
    """Returns the reasons for which simpleeval can't judge the rule, so that CPython judges it."""
    reasons = {'limits'} if result == 'limit' else set()
    try:
        module = ast.parse(rule.strip())
    except Exception:
        return sorted(reasons)
    if len(module.body) > 1 or not all(isinstance(part, ast.Expr) for part in module.body):
        reasons.add('statements')
    for node in ast.walk(module):
        match node:
            case ast.Compare(ops=ops) if any(isinstance(op, (ast.Is, ast.IsNot)) for op in ops):
                # CPython, but not simpleeval, makes equal constants one object.
                reasons.add('is')
            case ast.GeneratorExp():
                # CPython evaluates none of it before something asks for an item.
                reasons.add('generators')
            case ast.SetComp():
                reasons.add('set comprehensions')
            case ast.Dict() | ast.DictComp() | ast.Set():
                reasons.add('order of evaluation')
            case ast.comprehension(target=ast.Tuple() | ast.List()):
                reasons.add('unpacking')
            case ast.Attribute(attr=name):
                if hasattr(dict, name):
                    reasons.add('methods of dicts')
                if name.startswith('func_') or name in ('format', 'mro'):
                    reasons.add('attribute names')
    return sorted(reasons)


# The operators whose results can be much larger than their operands.
MAY_BE_LARGE = re.compile('[*]|<<')


def same(one: bool | str, other: bool | str) -> bool:
    return one == other and type(one) is type(other)


def judged(rule: str, text: str, ours: bool | str, judge: str) -> dict:
    """Returns what the judge makes of a rule and, if Evenhand differs, what could explain that."""
    # Each NaN is to be an object of its own.
    context = json.loads(text, parse_constant=float)
    originals = {}
    if judge == 'both':
        return {'cravensworth': cravensworth(rule, context), 'cpython': cpython(rule, context)}
    if judge == 'Cravensworth':
        originals['cravensworth'] = cravensworth(rule, context)
        if same(originals['cravensworth'], ours):
            return originals
    elif not MAY_BE_LARGE.search(rule):
        originals['cpython'] = cpython(rule, context)
        if same(originals['cpython'], ours):
            return originals | {'reasons': reasons_for_cpython(rule, None)}
    explanation = explained(rule, context)
    # CPython has no limits of its own, so a rule that is too large could take hours, unless simpleeval
    # has evaluated all of it.
    is_open = originals.get('cravensworth') in (None, 'limit', 'forbidden', 'call')
    originals['cpython'] = cpython(rule, context, is_open and 'limit' in explanation['results'])
    originals['explained'] = explanation
    originals['reasons'] = reasons_for_cpython(rule, originals.get('cravensworth'))
    return originals


serve(lambda cases: [judged(*case) for case in cases])
