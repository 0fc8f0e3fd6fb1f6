"""The texts and the syntax that Evenhand refuses when a rule is loaded, and that it adds to Python's."""

import ast
import re

MAX_BITS = 10_000

NOT_NAMES = frozenset('undefined NaN NULL Null NONE nil nullptr TRUE FALSE'.split())
ADDED_VALUES = {'true': True, 'false': False, 'null': None}

# Signs that bind like `!`, in an order that no one writes.
NOT_SIGNS = '~-+-+~'
NOT_OPERATORS = {'~': ast.Invert, '-': ast.USub, '+': ast.UAdd}
ADDED_SIGNS = {'&&': ' and ', '||': ' or ', '===': '==', '!==': '!=', '!': f' {NOT_SIGNS} '}

STRING = r"""(?:[a-zA-Z]{0,2})(?:'{3}(?:\\.|[^\\])*?'{3}|"{3}(?:\\.|[^\\])*?"{3}|'(?:\\.|[^\\'\n\r])*'|"(?:\\.|[^\\"\n\r])*")"""
PART = re.compile(rf'({STRING}|#[^\n\r]*)|(&&|\|\||===|!==|!(?!=))', re.DOTALL)
STRING_OR_COMMENT = re.compile(rf'({STRING})|(#[^\n\r]*)', re.DOTALL)


# Characters that Python can't read in a text: U+0000 and halves of characters.
ODD_CHARACTERS = {code: code + 0x100000 for code in (0, *range(0xD800, 0xE000))}
FROM_ODD_CHARACTERS = {instead: code for code, instead in ODD_CHARACTERS.items()}

# Syntax that rules leave out, and the code.
LEFT_OUT = {
    ast.Call: 'call',
    ast.Lambda: 'forbidden',
    ast.NamedExpr: 'syntax',
    ast.JoinedStr: 'forbidden',
    ast.Await: 'syntax',
    ast.Yield: 'syntax',
    ast.YieldFrom: 'syntax',
    ast.Starred: 'syntax',
    ast.MatMult: 'syntax',
}


def is_private(name: str) -> bool:
    return name.startswith('_') or name in ('constructor', 'prototype')


def code_of_name(name: str) -> str | None:
    if name in NOT_NAMES:
        return 'syntax'
    if is_private(name) and name != '_':
        return 'name' if name.startswith('_') else 'forbidden'
    return None


def refusals(tree: ast.AST):
    """Yields a difference and a code for all that Evenhand refuses when it loads the rule."""
    for node in ast.walk(tree):
        left_out = LEFT_OUT.get(type(node))
        if left_out is not None:
            yield 'left out', left_out
        match node:
            case ast.Constant(value=bytes() | complex()):
                yield 'left out', 'forbidden'
            case ast.Constant(value=value) if value is ...:
                yield 'left out', 'syntax'
            case ast.Constant(value=int() as value) if value.bit_length() > MAX_BITS:
                yield 'limits', 'limit'
            case ast.Dict(keys=keys) if None in keys:
                yield 'left out', 'syntax'
            case ast.Subscript(slice=ast.Tuple(elts=parts)) if any(
                isinstance(part, ast.Slice) for part in parts
            ):
                yield 'left out', 'syntax'
            case ast.comprehension(target=target, is_async=is_async):
                if is_async:
                    yield 'left out', 'syntax'
                for part in ast.walk(target):
                    if isinstance(part, (ast.Attribute, ast.Subscript)) or (
                        isinstance(part, (ast.Tuple, ast.List)) and not part.elts
                    ):
                        yield 'left out', 'syntax'
                    if isinstance(part, ast.Name) and part.id in ADDED_VALUES:
                        yield 'added', 'syntax'
            case ast.Name(id=name) if code_of_name(name) is not None:
                yield 'refused names', code_of_name(name)
            case ast.Attribute(attr=name) if is_private(name):
                yield 'refused names', 'forbidden'


def refusals_of_text(rule: str):
    """Yields what can only be seen in the text."""
    if len(rule) > 10_000:
        yield 'limits', 'limit'
    bare = STRING_OR_COMMENT.sub(lambda part: ' ' if part[2] else "''", rule)
    if re.search(r'\\[\n\r]', bare):
        yield 'left out', 'syntax'
    for part in STRING_OR_COMMENT.finditer(rule):
        text = part[1] or ''
        prefix = re.match('[a-zA-Z]*', text)[0].lower()
        if 'f' in prefix or 'b' in prefix:
            yield 'left out', 'forbidden'
        if 'r' not in prefix and re.search(r'\\N', re.sub(r'\\\\', '', text)):
            yield 'left out', 'syntax'
    # Also before a string that is never closed.
    if re.search(r'(?i)(?<!\w)(f|fr|rf|b|br|rb)[\'"]', bare):
        yield 'left out', 'forbidden'
    if re.search(r'[0-9.][jJ]', bare):
        yield 'left out', 'forbidden'
    depth = deepest = 0
    for char in bare:
        depth += (char in '([{') - (char in ')]}')
        deepest = max(deepest, depth)
    if deepest > 90:
        yield 'limits', 'limit'


def python_spelling(rule: str) -> str:
    return PART.sub(lambda part: part[1] or ADDED_SIGNS[part[2]], rule)


class NotSigns(ast.NodeTransformer):
    """Replaces the signs that stand for `!`."""

    def visit_UnaryOp(self, node):
        inner = node
        for sign in NOT_SIGNS:
            if not isinstance(inner, ast.UnaryOp) or not isinstance(inner.op, NOT_OPERATORS[sign]):
                return self.generic_visit(node)
            inner = inner.operand
        return ast.UnaryOp(ast.Not(), self.visit(inner))


def without_first_comments(rule: str) -> str:
    return re.sub(r'^\s*(#[^\n\r]*\s*)+', '', rule)
