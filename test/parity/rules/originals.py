"""The original evaluators of rules: Cravensworth with simpleeval, and CPython.

Each returns True, False, or the code of the RuleError that stands for its exception.
"""

import ast
import warnings

import simpleeval
from cravensworth.core.models import Allocation, Audience, Context

# Unknown escapes, second expressions and "is" with a literal are only warnings.
warnings.simplefilter('ignore')

# Cravensworth's manual has no calls in rules, but simpleeval allows some unless told otherwise.
Audience.evaluator.functions = {}
Audience.evaluator.nodes.pop(ast.Call, None)

EVERYONE = (Allocation('on', 100),)

# Python's exceptions and the codes of RuleErrors, the first that fits. docs/errors.md has the codes.
KINDS = (
    (simpleeval.NameNotDefined, 'name'),
    (simpleeval.AttributeDoesNotExist, 'attribute'),
    (simpleeval.FunctionNotDefined, 'call'),
    (simpleeval.NumberTooHigh, 'limit'),
    (simpleeval.IterableTooLong, 'limit'),
    (simpleeval.InvalidExpression, 'forbidden'),
    (NameError, 'name'),
    (AttributeError, 'attribute'),
    (SyntaxError, 'syntax'),
    # A text that is not Unicode can't be parsed.
    (UnicodeError, 'syntax'),
    (ZeroDivisionError, 'zero-division'),
    (OverflowError, 'limit'),
    (RecursionError, 'limit'),
    (MemoryError, 'limit'),
    (IndexError, 'index'),
    (KeyError, 'key'),
    (TypeError, 'type'),
    (ValueError, 'type'),
)


def kind_of(error: Exception) -> str:
    message = str(error)
    if isinstance(error, ValueError) and 'slice step' in message:
        return 'index'
    # Since Python 3.12 a slice can be a key, which no dict has.
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], slice):
        return 'type'
    if isinstance(error, simpleeval.FeatureNotAvailable) and 'Call' in message:
        return 'call'
    for exception, kind in KINDS:
        if isinstance(error, exception):
            return kind
    raise error


def cravensworth(rule: str, context: dict) -> bool | str:
    try:
        audience = Audience(rule, EVERYONE).validate()
    except (ValueError, simpleeval.InvalidExpression):
        # A rule that can't be parsed, and an empty one.
        return 'syntax'
    except Exception as error:
        return kind_of(error)
    try:
        return audience.matches(Context(context))
    except TypeError as error:
        return 'not-boolean' if 'must evaluate to a boolean' in str(error) else 'type'
    except Exception as error:
        return kind_of(error)


class AttributeDict(dict):
    """A dict of the context, whose keys are also attributes."""

    def __getattribute__(self, name: str) -> object:
        return self[name] if name in self else super().__getattribute__(name)


def attribute_dicts(value: object) -> object:
    if isinstance(value, dict):
        return AttributeDict((key, attribute_dicts(item)) for key, item in value.items())
    if isinstance(value, list):
        return [attribute_dicts(item) for item in value]
    return value


def cpython(rule: str, context: dict, is_too_large: bool = False) -> bool | str:
    names = {key: attribute_dicts(value) for key, value in context.items()}
    try:
        code = compile(rule.strip(), 'rule', 'eval')
        if is_too_large:
            return 'limit'
        result = eval(code, {'__builtins__': {}, **names})
    except Exception as error:
        return kind_of(error)
    return result if type(result) is bool else 'not-boolean'
