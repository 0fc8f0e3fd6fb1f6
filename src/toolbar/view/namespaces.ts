import type { NamespaceAssignment } from '../../assignment/namespaces/namespace-assignment.ts';
import type { NamespaceSoFar } from '../../assignment/namespaces/namespace-explanation.ts';
import type { CompiledNamespace } from '../../assignment/compiled-namespace.ts';
import type { Asked } from '../../express/inspection/inspection.ts';
import { show } from '../../rules/values/show.ts';
import { type DecisionSetup, viewCalls } from './decisions.ts';
import { knownFate, NO_CONSENT, unreported } from './exposure-reasons.ts';
import { forcedBy } from './reasons.ts';
import { attempt, cut, firstLine } from './texts.ts';
import type { ViewedExposure, ViewedNamespace } from './toolbar-view.ts';

/** The most experiments and parameters of a namespace. */
const MAX_LISTED = 100;

/** Returns a namespace as it is shown. Never throws. */
export function viewNamespace(asked: Asked, setup: DecisionSetup): ViewedNamespace {
  const { inspection } = setup;
  const compiled = inspection.snapshot?.setup.namespaces.get(asked.name);
  const space = inspection.namespaces.find(({ name }) => name === asked.name);
  if (compiled === undefined || space === undefined) {
    return unexplained(asked, setup, 'no namespace has this name');
  }
  return attempt(
    () => explained(asked, setup, compiled, space),
    () => unexplained(asked, setup, "the reasons can't be shown"),
  );
}

function unexplained(asked: Asked, { facts }: DecisionSetup, why: string): ViewedNamespace {
  return {
    name: cut(asked.name),
    experiment: undefined,
    experiments: [],
    why,
    isForced: false,
    canForce: false,
    calls: viewCalls(asked.calls),
    params: [],
    exposure: knownFate(asked, false, facts) ?? { recorded: false, why: 'it has no experiment' },
  };
}

function explained(
  asked: Asked,
  setup: DecisionSetup,
  compiled: CompiledNamespace,
  space: NamespaceAssignment,
): ViewedNamespace {
  const soFar = space.soFar();
  const { overrides, experiment } = soFar.explanation;
  return {
    name: asked.name,
    experiment,
    experiments: [...compiled.running.keys()].slice(0, MAX_LISTED),
    why: reasonFor(asked, soFar, compiled, setup),
    isForced: overrides !== undefined,
    canForce: setup.canForce,
    calls: viewCalls(asked.calls),
    params: paramsOf(soFar),
    exposure: exposureOf(asked, soFar, compiled, setup),
  };
}

function reasonFor(
  { name, error: thrown }: Asked,
  { explanation, isPlaced, params }: NamespaceSoFar,
  compiled: CompiledNamespace,
  setup: DecisionSetup,
): string {
  const { overrides, withoutConsent, segment, experiment, inExperiment } = explanation;
  if (overrides !== undefined) return forcedIn(name, setup);
  if (withoutConsent === true) return NO_CONSENT;
  const error = explanation.error ?? thrown;
  if (error !== undefined) return firstLine(`failed: ${setup.hideIn(error)}`);
  if (!isPlaced) return compiled.isEmpty ? 'no experiment is running in it' : 'nothing was read';
  const place = `segment ${segment ?? ''} of ${compiled.spec.segments}`;
  if (experiment === undefined) return `${place}, which belongs to no experiment`;
  return params !== undefined && !inExperiment ? `${place}; its script leaves the unit out` : place;
}

/** Returns the source of what is forced: the cookie, a link, or the application. */
function forcedIn(namespace: string, { inspection }: DecisionSetup): string {
  const isOwn = (name: string): boolean => name === namespace || name.startsWith(`${namespace}.`);
  if ([...inspection.granted.keys()].some(isOwn)) return forcedBy(true);
  return [...inspection.overrides.keys()].some(isOwn)
    ? forcedBy(false)
    : 'forced by `setOverrides()`';
}

function paramsOf({ params = {}, explanation }: NamespaceSoFar): ViewedNamespace['params'] {
  const forced = explanation.overrides?.params ?? {};
  return Object.entries(params)
    .slice(0, MAX_LISTED)
    .map(([name, value]) => ({
      name: cut(name),
      value: cut(JSON.stringify(show(value))),
      isForced: Object.hasOwn(forced, name),
    }));
}

function exposureOf(
  asked: Asked,
  { explanation, params }: NamespaceSoFar,
  { spec }: CompiledNamespace,
  { facts }: DecisionSetup,
): ViewedExposure {
  const known = knownFate(asked, explanation.overrides !== undefined, facts);
  if (known !== undefined) return known;
  if (explanation.withoutConsent === true) return { recorded: false, why: NO_CONSENT };
  if (params === undefined) return { recorded: false, why: 'no parameter was read' };
  if (!explanation.inExperiment)
    return { recorded: false, why: 'the unit is not in an experiment' };
  if (explanation.unit?.text === undefined) return { recorded: false, why: 'the unit is missing' };
  const isRead = [...asked.calls].some((call) => /\.(?:get|getParams)\(\)$/.test(call));
  return spec.exposure === 'auto' && isRead
    ? { recorded: false, why: 'no parameter of its experiment was read' }
    : { recorded: false, why: unreported(asked, spec.exposure) };
}
