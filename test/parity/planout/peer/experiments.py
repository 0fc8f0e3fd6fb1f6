"""Experiments whose `assign` is a list of steps or a script, and what is done with one participant."""

import types
from copy import deepcopy

import draws
from documented import NOTES, numbers
from original import DOCUMENTED, ORIGINAL, bounded, encode


class Excluded(Exception):
    """Ends the steps of `assign` with a result."""


def value_of(value: dict, params: object, inputs: dict) -> object:
    if 'input' in value:
        return inputs.get(value['input'])
    if 'param' in value:
        return params.get(value['param'], value['or'])
    return value['constant']


def run_steps(planout: types.SimpleNamespace, steps: list, params: object, inputs: dict) -> None:
    for step in steps:
        if 'return' in step:
            raise Excluded(step['return'])
        if 'when' in step:
            value = value_of(step['when'], params, inputs)
            if type(value) is type(step['is']) and value == step['is']:
                run_steps(planout, step['steps'], params, inputs)
        elif 'op' in step:
            args = {name: value_of(one, params, inputs) for name, one in step['args'].items()}
            params[step['set']] = draws.operator(planout, step['op'], args)
        else:
            params[step['set']] = value_of(step['value'], params, inputs)


def set_by(part: object) -> set:
    """Returns the parameters that any branch of a script sets."""
    if isinstance(part, list):
        return set().union(*map(set_by, part))
    if not isinstance(part, dict) or part.get('op') == 'literal':
        return set()
    own = {part['var']} if part.get('op') == 'set' else set()
    return own.union(*map(set_by, part.values())) - {'experiment_salt', 'salt_sep'}


def experiment_class(planout: types.SimpleNamespace, definition: dict, records: list) -> type:
    """Returns the class of an experiment, which appends its records to a list."""
    scripted = 'script' in definition
    base = planout.experiment.SimpleInterpretedExperiment if scripted else planout.experiment.SimpleExperiment

    class Generated(base):
        def setup(self):
            self.name = definition['name']
            if 'salt' in definition:
                self.salt = definition['salt']

        def __init__(self, **inputs):
            super().__init__(**inputs)
            self.separate()

        def separate(self):
            if 'saltSeparator' in definition:
                self._assignment.salt_sep = definition['saltSeparator']

        def configure_logger(self):
            pass

        def log(self, data):
            # A copy, because a record holds the inputs and values themselves.
            data = deepcopy(data)
            if planout is DOCUMENTED and getattr(self, 'is_forced', False):
                NOTES.add('overridden records')
                data['overridden'] = True
            records.append(encode(data))

    class Steps(Generated):
        def assign(self, params, **inputs):
            try:
                run_steps(planout, definition['steps'], params, inputs)
            except Excluded as end:
                return end.args[0]

    class Script(Generated):
        def loadScript(self):
            self.script = deepcopy(definition['script'])

    made = Script if scripted else Steps
    if scripted and planout is DOCUMENTED:
        NOTES.add('parameters of scripts')
        made.get_param_names = lambda self: set_by(definition['script'])
    if 'paramNames' in definition:
        made.get_param_names = lambda self: definition['paramNames']
    return made


def assign_first(one: object) -> None:
    """Evenhand assigns the parameters before it says whether the unit is in the experiment."""
    if not one._assigned:
        NOTES.add('excluded units')
        one._assign()


def override_again(planout: types.SimpleNamespace, one: object, inputs: dict, overrides: dict) -> None:
    """Evenhand replaces earlier overrides, and assigns all parameters again."""
    if one._assigned or one._assignment.get_overrides():
        NOTES.add('overridden again')
    one.inputs = dict(inputs)
    one._assignment = planout.assignment.Assignment(one.salt)
    one.separate()
    one._assigned = False
    one.set_overrides(overrides)
    one.is_forced = bool(overrides)


def act(planout: types.SimpleNamespace, one: object, action: dict, inputs: dict) -> object:
    """Does one thing with an experiment. Documented differences apply to the copy only."""
    what = action['do']
    documented = planout is DOCUMENTED
    if what == 'get':
        # By keyword: PlanOut takes a positional default for one more name to log.
        return one.get(action['name'], default=action['default'])
    if what == 'getParams':
        return dict(one.get_params())
    if what == 'setOverrides':
        if documented:
            return override_again(planout, one, inputs, action['overrides'])
        return one.set_overrides(action['overrides'])
    if what == 'setAutoExposure':
        return one.set_auto_exposure_logging(action['on'])
    if documented:
        assign_first(one)
    if what == 'inExperiment':
        return one.in_experiment
    if what == 'logExposure':
        return one.log_exposure(action['extra'])
    return one.log_event(action['type'], action['extra'])


def run(planout: types.SimpleNamespace, question: dict) -> object:
    records: list = []
    inputs = question['inputs']
    one = experiment_class(planout, question['experiment'], records)(**inputs)
    results = []
    for action in question['actions']:
        try:
            with bounded():
                result = act(planout, one, action, dict(inputs))
            results.append({'result': encode(deepcopy(result))})
        except Exception:
            # What a failed assignment leaves behind is not compared.
            results.append({'failed': True})
            break
    return {'results': results, 'records': records, 'name': one.name, 'salt': one.salt}


def answer(question: dict) -> dict:
    NOTES.clear()
    documented = run(DOCUMENTED, numbers(question))
    original = run(ORIGINAL, question)
    return {'original': original, 'documented': documented, 'notes': sorted(NOTES)}
