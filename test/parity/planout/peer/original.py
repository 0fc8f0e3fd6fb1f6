"""Loads PlanOut 0.6.0, whose files stay as they are, and writes its results as JSON.

PlanOut 0.6.0 was written for Python 2. Exactly two things of that time are put in place for Python 3:

- `collections.MutableMapping`, which `planout/assignment.py` imports, is `collections.abc.MutableMapping`;
- the dictionary `segment_allocations` of a `SimpleNamespace` gets the method `iteritems`, which
  `remove_experiment` calls. It is set in `setup`, which every namespace defines (see namespaces.py).

The package is loaded twice. `ORIGINAL` is never changed. `documented.py` changes the operators of
`DOCUMENTED`, so that this copy does what docs/planout.md says of Evenhand.
"""

import collections
import collections.abc
import contextlib
import importlib
import math
import signal
import sys
import types

collections.MutableMapping = collections.abc.MutableMapping

PARTS = ('assignment', 'experiment', 'interpreter', 'namespace', 'ops.base', 'ops.core', 'ops.random', 'ops.utils')

# Beyond this number, JavaScript's numbers are not exact.
EXACT = 2**53


def load() -> types.SimpleNamespace:
    """Returns the modules of a new copy of the package."""
    for name in [name for name in sys.modules if name == 'planout' or name.startswith('planout.')]:
        del sys.modules[name]
    return types.SimpleNamespace(
        **{part.split('.')[-1]: importlib.import_module(f'planout.{part}') for part in PARTS}
    )


ORIGINAL = load()
DOCUMENTED = load()


class Iterable2(dict):
    """A dictionary with the method of Python 2 that PlanOut calls."""

    iteritems = dict.items


def give_up(_signal: int, _frame: object) -> None:
    raise TimeoutError('does not end')


signal.signal(signal.SIGVTALRM, give_up)

# Processor time, in seconds. Most scripts take about a millisecond, and few a second.
PATIENCE_S = 10


@contextlib.contextmanager
def bounded():
    """Ends what does not end: a unit that is also the list of choices grows while it is filtered."""
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


class BigInt(int):
    """A whole number that JavaScript holds exactly, as a `bigint`."""


def decode(value: object) -> object:
    """Reads the values that JSON can't hold: {"$float": 2} is 2.0, and {"$int": "1"} is a `bigint`."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {'$float'}:
        return float(value['$float'])
    if value.keys() == {'$int'}:
        return BigInt(value['$int'])
    return {key: decode(item) for key, item in value.items()}


def encode(value: object) -> object:
    """Writes a value for JSON. Infinity and NaN become maps."""
    if isinstance(value, float) and not math.isfinite(value):
        return {'$number': 'NaN' if math.isnan(value) else 'Infinity' if value > 0 else '-Infinity'}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    if value is None or isinstance(value, (str, int, float)):
        return value
    return {'$object': type(value).__name__}


def failed_operator(error: BaseException) -> str | None:
    """Returns the name of the innermost operator of a script that was running."""
    found = None
    trace = error.__traceback__
    while trace is not None:
        one = trace.tb_frame.f_locals.get('self')
        args = getattr(one, '__dict__', {}).get('args')
        if isinstance(args, dict) and isinstance(args.get('op'), str):
            found = args['op']
        trace = trace.tb_next
    return found
