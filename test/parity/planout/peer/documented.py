"""Changes `DOCUMENTED`, a copy of PlanOut, where docs/planout.md says that Evenhand differs.

Each change notes its name in `NOTES` when it matters. differences.ts connects the names with the items
and rows of docs/planout.md. Where Evenhand throws an error, the copy raises `Refused`.
"""

import math
import pathlib
import re
from collections.abc import Callable
from copy import deepcopy
from hashlib import sha1

from original import DOCUMENTED, EXACT, BigInt

NOTES: set[str] = set()

# The characters that Evenhand escapes. Python 3.11 has escaped them already.
SOURCE = pathlib.Path(__file__).parents[4] / 'src' / 'planout' / 'unprintable.ts'


def unprintable() -> set[int]:
    found: set[int] = set()
    end = 0
    for line in re.findall(r"^  '([0-9a-z+ ]+)'", SOURCE.read_text(), re.M):
        for one in line.split():
            distance, _, length = one.partition('+')
            start = end + int(distance, 36)
            end = start + int(length or '1', 36)
            # Above this, there are only characters for private use, and unassigned ones.
            found.update(range(start, min(end, 0x40000)))
    return found


UNPRINTABLE = unprintable()


class Refused(Exception):
    """An error that Evenhand throws and PlanOut does not."""


def refuse(name: str) -> None:
    NOTES.add(name)
    raise Refused(name)


def number(value: object) -> object:
    """Returns a number as JavaScript holds it: whole floats are whole numbers, and 53 bits are exact."""
    if isinstance(value, (bool, BigInt)) or not isinstance(value, (int, float)):
        return value
    if isinstance(value, float):
        if not value.is_integer():
            return value
        NOTES.add('one number type')
        return int(value)
    if abs(value) <= EXACT:
        return value
    NOTES.add('one number type')
    try:
        return int(float(value))
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def numbers(value: object) -> object:
    """Returns JSON with its numbers as JavaScript holds them."""
    if isinstance(value, list):
        return [numbers(item) for item in value]
    if isinstance(value, dict):
        return {key: numbers(item) for key, item in value.items()}
    return number(value)


def utf8(text: str) -> bytes:
    if text.isascii():
        return text.encode('ascii')
    NOTES.add('beyond ASCII')
    # A lone surrogate is the replacement character, as everywhere in JavaScript.
    return text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace').encode('utf-8')


# Random operators


def text_of(value: object) -> str:
    """Returns `str(value)` of Python 3.11, which escapes more characters in lists than later versions."""
    text = str(value)
    if isinstance(value, str) or text.isascii():
        return text
    return ''.join(escaped(character) if ord(character) in UNPRINTABLE else character for character in text)


def escaped(character: str) -> str:
    NOTES.add('printable characters')
    return character.encode('ascii', 'backslashreplace').decode()


def get_hash(self, appended_unit: object = None) -> int:
    if 'full_salt' in self.args:
        salt = self.args['full_salt'] + '.'
    else:
        salt = f'{self.mapper.experiment_salt}.{self.args["salt"]}{self.mapper.salt_sep}'
    text = salt + '.'.join(map(text_of, self.getUnit(appended_unit)))
    return int(sha1(utf8(text)).hexdigest()[:15], 16)


def check_unit(unit: object) -> object:
    if unit is None:
        refuse('unit null')
    if isinstance(unit, dict):
        refuse('unit map')
    if isinstance(unit, float) and not math.isfinite(unit):
        refuse('infinite arguments')
    if not isinstance(unit, list):
        return unit
    if not unit:
        refuse('unit empty')
    for part in unit:
        check_part(part)
    NOTES.add('units appended')
    return list(unit)


def check_part(part: object) -> None:
    if isinstance(part, list):
        for item in part:
            check_part(item)
    elif part is None:
        refuse('unit part null')
    elif isinstance(part, dict):
        refuse('unit map')
    elif isinstance(part, float) and not math.isfinite(part):
        refuse('infinite arguments')


def check_number(value: object) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        refuse('infinite arguments')
    if not isinstance(value, (int, float)):
        refuse('invalid arguments')
    if isinstance(value, BigInt):
        refuse('one number type')


def check_bounds(args: dict, whole: bool) -> None:
    for name in ('min', 'max'):
        check_number(args.get(name))
    low, high = args['min'], args['max']
    if whole and not (isinstance(low, int) and isinstance(high, int)):
        refuse('invalid arguments')
    if whole and (abs(low) >= EXACT or abs(high) >= EXACT or high - low + 1 >= EXACT):
        refuse('one number type')
    if high < low:
        refuse('max below min')
    if not math.isfinite(float(high) - float(low)):
        refuse('infinite arguments')


def check_weights(args: dict) -> None:
    weights = args.get('weights')
    if not isinstance(weights, list):
        refuse('invalid arguments')
    if not args['choices'] or not weights:
        return
    for weight in weights:
        check_number(weight)
        if weight < 0:
            refuse('weight below 0')
    if sum(weights) == 0:
        refuse('all weights 0')
    check_number(float(sum(weights)))


def check_draws(args: dict) -> None:
    if 'draws' not in args:
        return
    check_number(args['draws'])
    if args['draws'] < 0:
        refuse('draws below 0')


def check_finite(value: object) -> None:
    for item in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        check_finite(item)
    if isinstance(value, float) and not math.isfinite(value):
        refuse('infinite arguments')


def prepare(self) -> None:
    """Checks the arguments of a random operator as Evenhand does, before any of them is used."""
    args = self.args
    for name, value in args.items():
        args[name] = numbers(value)
    if 'unit' not in args:
        refuse('invalid arguments')
    for name in ('full_salt',) if 'full_salt' in args else ('salt',):
        if not isinstance(args.get(name), str):
            refuse('invalid arguments')
    args['unit'] = check_unit(args['unit'])
    kind = type(self).__name__
    if kind in ('RandomFloat', 'RandomInteger'):
        check_bounds(args, whole=kind == 'RandomInteger')
    elif kind.startswith('Bernoulli'):
        check_number(args.get('p'))
    if kind not in ('RandomFloat', 'RandomInteger', 'BernoulliTrial') and not isinstance(args.get('choices'), list):
        refuse('invalid arguments')
    if kind == 'WeightedChoice':
        check_weights(args)
    if kind == 'BernoulliFilter':
        check_finite(args['choices'])
    if kind.endswith('Sample'):
        check_draws(args)


def prepared(execute: Callable) -> Callable:
    def simple_execute(self):
        prepare(self)
        return execute(self)

    return simple_execute


# Operators of scripts


def with_value(execute: Callable) -> Callable:
    """`min([1, 2])` gives the list as `value`."""

    def simple_execute(self):
        if 'values' not in self.args and 'value' in self.args:
            NOTES.add('list as value')
            self.args['values'] = self.args['value']
        return execute(self)

    return simple_execute


def numeric(values: list) -> list:
    for value in values:
        if not isinstance(value, (int, float)):
            refuse('not a number')
    return values


def sum_of(self, values: list) -> object:
    total = 0
    for value in numeric(values):
        if isinstance(value, float):
            NOTES.add('sum from left to right')
        total = number(total + value)
    return total


def product_of(self, values: list) -> object:
    total, *others = values
    if others:
        numeric(values)
    for value in others:
        total = number(total * value)
    return total


def binary(calculate: Callable) -> Callable:
    def execute(self, left, right):
        numeric([left, right])
        return number(calculate(left, right))

    return execute


def clauses(self, mapper) -> object:
    """Yields the values of `and`, `or` and `coalesce`: also those of a list that is computed."""
    values = self.getArgMixed('values')
    if isinstance(values, list):
        return (mapper.evaluate(value) for value in values)
    NOTES.add('computed values')
    values = mapper.evaluate(values)
    assert isinstance(values, list)
    return iter(values)


def and_of(self, mapper) -> bool:
    return all(bool(value) for value in clauses(self, mapper))


def or_of(self, mapper) -> bool:
    return any(bool(value) for value in clauses(self, mapper))


def coalesce(self, mapper) -> object:
    return next((value for value in clauses(self, mapper) if value is not None), None)


def map_of(self) -> dict:
    if 'salt' not in self.args:
        NOTES.add('map without a salt')
    return {key: value for key, value in deepcopy(self.args).items() if key not in ('op', 'salt')}


def index_of(execute: Callable) -> Callable:
    def simple_execute(self):
        if self.args.get('base', 0) is None and 'index' in self.args:
            NOTES.add('part of null')
            return None
        return execute(self)

    return simple_execute


def operator_instance(params: dict) -> object:
    """Creates an operator also with an argument named `self`."""
    operators = DOCUMENTED.utils.Operators.operators
    assert params['op'] in operators
    if 'self' in params:
        NOTES.add('argument self')
    one = operators[params['op']]()
    one.args = dict(params)
    return one


# Assignments


def get_item(self, name: str) -> object:
    if name in ('_data', '_overrides'):
        NOTES.add('ordinary names')
    return self.__dict__['experiment_salt'] if name == 'experiment_salt' else self.__dict__['_data'][name]


def set_item(self, name: str, value: object) -> None:
    if name not in ('_data', '_overrides'):
        if name in ('experiment_salt', 'salt_sep'):
            check_finite(value)
            if isinstance(value, DOCUMENTED.random.PlanOutOpRandom):
                refuse('invalid arguments')
        self.__setattr__(name, value)
        return
    NOTES.add('ordinary names')
    if name not in self.__dict__['_overrides']:
        is_draw = isinstance(value, DOCUMENTED.random.PlanOutOpRandom)
        if is_draw and 'salt' not in value.args:
            value.args['salt'] = name
        self.__dict__['_data'][name] = value.execute(self) if is_draw else value


def set_attribute(self, name: str, value: object) -> None:
    """Keeps the expression of `experiment_salt` without the salts that are added while it runs."""
    if name == 'experiment_salt' and isinstance(value, dict):
        NOTES.add('assignments in the salt')
        value = deepcopy(value)
    object.__setattr__(self, name, value)


def change() -> None:
    """Changes the copy. Called once."""
    random, core = DOCUMENTED.random, DOCUMENTED.core
    random.PlanOutOpRandom.getHash = get_hash
    for name in ('RandomFloat', 'RandomInteger', 'BernoulliTrial', 'BernoulliFilter', 'UniformChoice', 'WeightedChoice', 'Sample', 'FastSample'):
        one = getattr(random, name)
        one.simpleExecute = prepared(one.simpleExecute)
    commutative = DOCUMENTED.base.PlanOutOpCommutative
    commutative.simpleExecute = with_value(commutative.simpleExecute)
    core.Sum.commutativeExecute = sum_of
    core.Product.commutativeExecute = product_of
    core.Mod.binaryExecute = binary(lambda left, right: left % right)
    core.Divide.binaryExecute = binary(lambda left, right: left / right)
    core.Negative.unaryExecute = lambda self, value: number(0 - numeric([value])[0])
    core.Round.unaryExecute = lambda self, value: number(round(numeric([value])[0]))
    core.And.execute, core.Or.execute, core.Coalesce.execute = and_of, or_of, coalesce
    core.Map.simpleExecute = map_of
    core.Index.simpleExecute = index_of(core.Index.simpleExecute)
    DOCUMENTED.interpreter.Interpreter.__setattr__ = set_attribute
    DOCUMENTED.utils.Operators.operatorInstance = staticmethod(operator_instance)
    DOCUMENTED.assignment.Assignment.__getitem__ = get_item
    DOCUMENTED.assignment.Assignment.__setitem__ = set_item


change()
