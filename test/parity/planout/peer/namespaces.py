"""Namespaces with a history of additions and removals, and the units in them."""

import contextlib
import io
import types
from copy import copy, deepcopy

from documented import NOTES, check_part, numbers, refuse
from experiments import assign_first, experiment_class
from original import DOCUMENTED, ORIGINAL, Iterable2, encode


def check_unit(values: list) -> None:
    """A unit of a namespace may be a list, but has a text in all its parts."""
    for value in values:
        if value == []:
            refuse('unit empty')
        check_part(value)


def namespace_class(planout: types.SimpleNamespace, question: dict, steps: list, records: list) -> type:
    class Generated(planout.namespace.SimpleNamespace):
        def setup(self):
            self.name = question['name']
            self.primary_unit = question['unit']
            self.num_segments = question['segments']
            self.segment_allocations = Iterable2()
            if 'fallback' in question:
                self.default_experiment_class = fallback_class(planout, question['fallback'])

        def setup_experiments(self):
            for line in question['history']:
                steps.append(self.step(line))

        def step(self, line):
            before = dict(self.segment_allocations)
            try:
                if 'remove' in line:
                    return self.remove_experiment(line['remove']) is not False
                if planout is DOCUMENTED and (line['segments'] < 0 or line['segments'] is True):
                    refuse('invalid arguments')
                made = experiment_class(planout, question['experiments'][line['experiment']], records)
                return self.add_experiment(line['add'], made, line['segments']) is not False
            except Exception:
                assert before == dict(self.segment_allocations)
                return False

        def get_segment(self):
            if planout is DOCUMENTED:
                check_unit([self.inputs[name] for name in self.primary_unit])
            return super().get_segment()

        def get(self, name, default=None):
            if planout is not DOCUMENTED or not self._experiment:
                return super().get(name, default)
            # The default experiment is needed only if the unit's experiment does not set the parameter.
            NOTES.add('default when needed')
            value = self._experiment.get(name, default=MISSING)
            return self.default_get(name, default) if value is MISSING else value

    return Generated


MISSING = object()


def fallback_class(planout: types.SimpleNamespace, definition: dict) -> type:
    """Returns the class of a default experiment, whose name is its salt."""
    made = experiment_class(planout, definition, [])
    default = planout.experiment.DefaultExperiment

    def start(self, **inputs):
        default.__init__(self, **inputs)
        made.separate(self)

    methods = {'__init__': start, 'assign': made.assign, 'configure_logger': default.configure_logger, 'log': default.log}
    return type(definition['name'], (default,), methods)


def allocations(namespace: object) -> dict:
    taken: dict = {name: [] for name in namespace.current_experiments}
    for segment, name in namespace.segment_allocations.items():
        taken[name].append(segment)
    return {name: sorted(segments) for name, segments in taken.items()}


def visit(planout: types.SimpleNamespace, namespace: object, unit: dict, records: list) -> object:
    """Returns what one unit sees. Documented differences apply to the copy only."""
    start = len(records)
    try:
        segment = namespace.get_segment()
        in_experiment = namespace.in_experiment
        values = [encode(deepcopy(namespace.get(name, default))) for name, default in unit['gets']]
        experiment = namespace._experiment
        if planout is DOCUMENTED and experiment is not None:
            # The original says true for a unit that `assign` excludes.
            NOTES.add('excluded units')
            assign_first(experiment)
            in_experiment = experiment.in_experiment
        for event in unit['events']:
            if planout is DOCUMENTED and experiment is None:
                NOTES.add('no experiment')
                continue
            namespace.log_event(event, {'page': event})
        return {
            'segment': segment,
            'experiment': namespace.segment_allocations.get(segment),
            'salt': None if experiment is None else experiment.salt,
            'inExperiment': in_experiment,
            'values': values,
            'records': records[start:],
        }
    except Exception:
        return {'failed': True}


class Replayed:
    """A namespace after its history."""

    def __init__(self, planout: types.SimpleNamespace, question: dict):
        NOTES.clear()
        self.planout = planout
        self.records: list = []
        steps: list = []
        made = namespace_class(planout, question, steps, self.records)
        with contextlib.redirect_stdout(io.StringIO()):
            self.namespace = made(**({'use_fast_sample': True} if question['fast'] else {}))
        self.result = {'steps': steps, 'allocations': allocations(self.namespace)}
        self.notes = sorted(NOTES)

    def visit(self, unit: dict) -> object:
        # The original replays the history for each unit. Its result does not depend on the unit.
        namespace = copy(self.namespace)
        namespace.inputs = unit['inputs']
        return visit(self.planout, namespace, unit, self.records)


def answer_unit(original: Replayed, documented: Replayed, unit: dict) -> dict:
    NOTES.clear()
    changed = documented.visit(numbers(unit))
    return {'original': original.visit(unit), 'documented': changed, 'notes': sorted({*NOTES, *documented.notes})}


def answer(question: dict) -> dict:
    """Returns the answers about the segments after the history, and about each unit."""
    documented = Replayed(DOCUMENTED, numbers(question))
    original = Replayed(ORIGINAL, question)
    units = [answer_unit(original, documented, unit) for unit in question['units']]
    history = {'original': original.result, 'documented': documented.result, 'notes': documented.notes}
    return {'history': history, 'units': units}
