"""CPython with the named differences: evaluates a rule as docs/rules.md says that Evenhand does.

The operators are CPython's own. Only what a named difference says is done differently, and the name
is noted when that happens. The names are those of named-differences.ts.
"""

import ast
import math
import operator
import re

from refusals import ADDED_VALUES, FROM_ODD_CHARACTERS, MAX_BITS

MAX_SAFE = 2**53 - 1
MAX_ITEMS = 10_000
MAX_STRING = 100_000

# All values that are not a number count as the same object.
NAN = math.nan

COLLECTIONS = (list, tuple, set, dict)


class Refused(Exception):
    """An error with the code that Evenhand gives it."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class ContextDict(dict):
    """A dict of the context. Its keys are attributes in Cravensworth, too."""


class OrderedSet(set):
    """A set whose elements keep their order."""

    def __init__(self, items=()):
        self.order = list(dict.fromkeys(items))
        super().__init__(self.order)

    def __iter__(self):
        return iter(self.order)

    def __reduced(self, result: set, *sources: set) -> 'OrderedSet':
        return OrderedSet(item for source in sources for item in source if set.__contains__(result, item))

    def __and__(self, other):
        result = set.__and__(self, other)
        return result if result is NotImplemented else self.__reduced(result, self)

    def __or__(self, other):
        result = set.__or__(self, other)
        return result if result is NotImplemented else self.__reduced(result, self, other)

    def __sub__(self, other):
        result = set.__sub__(self, other)
        return result if result is NotImplemented else self.__reduced(result, self)

    def __xor__(self, other):
        result = set.__xor__(self, other)
        return result if result is NotImplemented else self.__reduced(result, self, other)


OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}

class Scope:
    """The variables of a comprehension's clauses so far."""

    def __init__(self, outer: 'Scope | None' = None):
        self.names = {}
        self.outer = outer

    def find(self, name: str) -> 'Scope | None':
        scope = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        return scope


class Explained:
    """One evaluation."""

    def __init__(self, context: dict, reuses: bool, towards: float | None):
        # True if equal collections are the same object, as far as that is open.
        self.reuses = reuses
        # The infinity towards which the last digit of a power of floats differs from C's.
        self.towards = towards
        self.names = set()
        self.items = 0
        self.context = {key: self.imported(value) for key, value in context.items()}

    # Values

    def imported(self, value: object) -> object:
        if isinstance(value, dict):
            keys = sorted((key for key in value if re.fullmatch('0|[1-9][0-9]{0,8}', key)), key=int)
            ordered = ContextDict((key, self.imported(value[key])) for key in keys)
            ordered.update((key, self.imported(item)) for key, item in value.items())
            if list(ordered) != list(value):
                self.names.add('order of keys')
            return ordered
        if isinstance(value, list):
            return [self.imported(item) for item in value]
        return self.normal(value)

    def normal(self, value: object) -> object:
        if isinstance(value, float):
            if value != value:
                self.names.add('nan')
                return NAN
            if value.is_integer() and abs(value) <= MAX_SAFE:
                self.names.add('whole floats')
                return int(value)
        elif isinstance(value, str):
            return self.joined(value)
        elif isinstance(value, complex):
            self.refuse('complex numbers', 'type')
        elif isinstance(value, int) and value.bit_length() > MAX_BITS:
            self.refuse('limits', 'limit')
        return value

    def joined(self, text: str) -> str:
        if not has_surrogates(text):
            return text
        joined = text.encode('utf-16-le', 'surrogatepass').decode('utf-16-le', 'surrogatepass')
        if joined != text:
            self.names.add('halves of characters')
        return joined

    def refuse(self, name: str, code: str):
        self.names.add(name)
        raise Refused(code)

    def spend(self, count: int) -> None:
        self.items += count
        if self.items > MAX_ITEMS:
            self.refuse('limits', 'limit')

    # Nodes

    def value_of(self, node: ast.AST, scope: Scope) -> object:
        return getattr(self, f'of_{type(node).__name__}')(node, scope)

    def of_Constant(self, node, scope):
        value = node.value
        return self.normal(value.translate(FROM_ODD_CHARACTERS) if isinstance(value, str) else value)

    def of_Name(self, node, scope):
        if node.id in ADDED_VALUES:
            self.names.add('added')
            return ADDED_VALUES[node.id]
        found = scope.find(node.id)
        if found is not None:
            return found.names[node.id]
        if node.id not in self.context:
            raise NameError(node.id)
        return self.context[node.id]

    def of_Attribute(self, node, scope):
        owner = self.value_of(node.value, scope)
        if node.attr == 'length' and isinstance(owner, (str, list, tuple)):
            self.names.add('added')
            return len(owner)
        if node.attr in ('lower', 'upper') and isinstance(owner, str):
            self.names.add('letter case')
            if max(len(owner), len(getattr(owner, node.attr)())) > MAX_STRING:
                self.refuse('limits', 'limit')
            return getattr(owner, node.attr)()
        if isinstance(owner, dict) and node.attr in owner:
            if not isinstance(owner, ContextDict):
                self.names.add('keys as attributes')
            elif hasattr(dict, node.attr):
                self.names.add('methods of dicts')
            return owner[node.attr]
        if hasattr(owner, node.attr):
            self.names.add('no attributes')
        raise AttributeError(node.attr)

    def of_Subscript(self, node, scope):
        container = self.value_of(node.value, scope)
        key = self.value_of(node.slice, scope)
        if isinstance(key, slice) and isinstance(container, dict):
            raise TypeError('a slice is no key')
        item = container[key]
        if isinstance(item, str) and len(item) > MAX_STRING:
            self.refuse('limits', 'limit')
        return self.normal(item) if isinstance(container, str) else item

    def of_Slice(self, node, scope):
        parts = (node.lower, node.upper, node.step)
        return slice(*(None if part is None else self.value_of(part, scope) for part in parts))

    def of_UnaryOp(self, node, scope):
        return self.normal(OPERATORS[type(node.op)](self.value_of(node.operand, scope)))

    def of_BinOp(self, node, scope):
        left, right = self.value_of(node.left, scope), self.value_of(node.right, scope)
        match node.op:
            case ast.Mod() if isinstance(left, str):
                self.refuse('no formatting', 'type')
            case ast.Pow() if isinstance(left, int) and isinstance(right, int):
                if abs(left) > 1 and right > 1 and (left.bit_length() - 1) * right > MAX_BITS:
                    self.refuse('limits', 'limit')
            case ast.LShift() if isinstance(left, int) and isinstance(right, int):
                if left != 0 and right > MAX_BITS:
                    self.refuse('limits', 'limit')
            case ast.Mult():
                self.check_repetition(left, right)
                self.check_repetition(right, left)
            case ast.Add() if isinstance(left, str) and isinstance(right, str):
                if len(left) + len(right) > MAX_STRING:
                    self.refuse('limits', 'limit')
        result = OPERATORS[type(node.op)](left, right)
        if isinstance(node.op, ast.Pow) and isinstance(result, float):
            self.names.add('last digits')
            if self.towards is not None:
                result = math.nextafter(result, self.towards)
        if isinstance(result, (list, tuple, OrderedSet, dict)):
            both = (left, right) if not isinstance(node.op, ast.Mult) else (result,)
            self.spend(sum(len(one) for one in both))
        return self.normal(result)

    def check_repetition(self, sequence: object, count: object) -> None:
        if not isinstance(count, int) or not isinstance(sequence, (str, list, tuple)):
            return
        most = MAX_STRING if isinstance(sequence, str) else MAX_ITEMS
        if len(sequence) * count > most:
            self.refuse('limits', 'limit')

    def of_Compare(self, node, scope):
        left = self.value_of(node.left, scope)
        for op, comparator in zip(node.ops, node.comparators):
            right = self.value_of(comparator, scope)
            if not self.compared(op, left, right):
                return False
            left = right
        return True

    def compared(self, op: ast.AST, left: object, right: object) -> bool:
        match op:
            case ast.Is():
                return self.same(left, right)
            case ast.IsNot():
                return not self.same(left, right)
            case ast.In():
                return self.contains(right, left)
            case ast.NotIn():
                return not self.contains(right, left)
        if isinstance(left, str) and isinstance(right, str):
            if has_surrogates(left) or has_surrogates(right):
                self.names.add('halves of characters')
                return OPERATORS[type(op)](*([rank(unit) for unit in units(x)] for x in (left, right)))
        return OPERATORS[type(op)](left, right)

    def same(self, left: object, right: object) -> bool:
        numbers = [isinstance(x, (int, float)) and not isinstance(x, bool) for x in (left, right)]
        if all(numbers) or (isinstance(left, str) and isinstance(right, str)):
            self.names.add('is')
            return left == right
        if type(left) is type(right) and isinstance(left, COLLECTIONS) and left == right:
            self.names.add('is on collections')
            # Even equal tuples of the rule can be one object, or several.
            return self.reuses or (left is right and not isinstance(left, tuple))
        return left is right

    def contains(self, container: object, item: object) -> bool:
        if isinstance(container, str) and isinstance(item, str) and has_surrogates(item):
            self.names.add('halves of characters')
            inner, outer = units(item), units(container)
            width = len(inner)
            return any(outer[i : i + width] == inner for i in range(len(outer) - width + 1))
        return item in container

    def of_BoolOp(self, node, scope):
        decides = isinstance(node.op, ast.Or)
        for part in node.values:
            value = self.value_of(part, scope)
            if bool(value) is decides:
                break
        return value

    def of_IfExp(self, node, scope):
        branch = node.body if self.value_of(node.test, scope) else node.orelse
        return self.value_of(branch, scope)

    def of_List(self, node, scope):
        self.spend(len(node.elts))
        return [self.value_of(item, scope) for item in node.elts]

    def of_Tuple(self, node, scope):
        return tuple(self.of_List(node, scope))

    def of_Set(self, node, scope):
        return OrderedSet(self.of_List(node, scope))

    def of_Dict(self, node, scope):
        self.spend(len(node.keys))
        # CPython evaluates all pairs before it makes the dict.
        pairs = [
            (self.value_of(key, scope), self.value_of(value, scope))
            for key, value in zip(node.keys, node.values)
        ]
        return dict(pairs)

    def of_ListComp(self, node, scope):
        return [self.value_of(node.elt, inner) for inner in self.bindings(node.generators, scope)]

    def of_GeneratorExp(self, node, scope):
        self.names.add('generators')
        return self.of_ListComp(node, scope)

    def of_SetComp(self, node, scope):
        result = {}
        for inner in self.bindings(node.generators, scope):
            result[self.value_of(node.elt, inner)] = None
        return OrderedSet(result)

    def of_DictComp(self, node, scope):
        return {
            self.value_of(node.key, inner): self.value_of(node.value, inner)
            for inner in self.bindings(node.generators, scope)
        }

    def bindings(self, generators: list, scope: Scope):
        if not generators:
            yield scope
            return
        first, *rest = generators
        for item in self.iterated(self.value_of(first.iter, scope)):
            self.spend(1)
            inner = Scope(scope)
            self.bind(first.target, item, inner.names)
            if all(self.value_of(test, inner) for test in first.ifs):
                yield from self.bindings(rest, inner)

    def iterated(self, value: object):
        if isinstance(value, OrderedSet):
            self.names.add('order of sets')
        return list(iter(value))

    def bind(self, target: ast.AST, item: object, names: dict) -> None:
        if isinstance(target, ast.Name):
            names[target.id] = item
            return
        parts = self.iterated(item)
        if len(parts) != len(target.elts):
            raise ValueError('a wrong number of items')
        for part, value in zip(target.elts, parts):
            self.bind(part, value, names)


def has_surrogates(text: str) -> bool:
    return any('\ud800' <= char <= '\udfff' for char in text)


def units(text: str) -> list[int]:
    data = text.encode('utf-16-le', 'surrogatepass')
    return [data[i] + 256 * data[i + 1] for i in range(0, len(data), 2)]


def rank(unit: int) -> int:
    if unit < 0xD800:
        return unit
    return unit - 0x800 if unit >= 0xE000 else unit + 0x2000
