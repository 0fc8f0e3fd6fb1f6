import type { CompiledNamespace, NamespaceOverrides } from '../../assignment/compiled-namespace.ts';
import type { DecisionListener } from '../../assignment/listener.ts';
import {
  readForced,
  readOverrides,
  settableParameters,
} from '../../assignment/namespaces/namespace-overrides.ts';
import { Participant } from '../../assignment/participant.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { ConfigFile } from '../files/config-file.ts';
import { FOUND } from '../host/exit-codes.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';
import { printJson } from '../output/json.ts';
import { showNamespace } from '../output/show-namespace.ts';

/** The options of `explain`, with the context read. */
interface NamespaceQuestion {
  readonly context: object;
  /** An experiment, or `parameter:value`. */
  readonly override: string | undefined;
  readonly json: boolean;
}

/**
 * Explains one participant's place in a namespace, with its parameters.
 *
 * @throws OptionError (`option`) for an override that forces nothing
 */
export function explainNamespace(
  host: Host,
  { snapshot: { setup } }: ConfigFile,
  namespace: CompiledNamespace,
  { context, override, json }: NamespaceQuestion,
): void {
  const forced = override === undefined ? undefined : readOverride(namespace, override);
  const participant = new Participant(setup, context, forcing(forced));
  const space = participant.namespace(namespace.spec.name);
  const explanation = space.explain();
  if (explanation.error !== undefined) host.setExitCode(FOUND);
  const params = explanation.error === undefined ? space.getParams() : {};
  if (json) printJson(host, { ...explanation, params });
  else {
    const colour = createColour(host.stdout.colour);
    host.stdout.write(showNamespace(explanation, params, namespace.spec.segments, colour));
  }
}

/** Returns a listener that forces and records nothing else. */
function forcing(overrides: NamespaceOverrides | undefined): DecisionListener {
  return {
    before: () => undefined,
    forced: () => overrides,
    after() {},
    exposed() {},
    tracked() {},
  };
}

function readOverride(
  namespace: CompiledNamespace,
  override: string,
): NamespaceOverrides | undefined {
  const name = quote(namespace.spec.name);
  const colon = override.indexOf(':');
  if (colon < 0) {
    if (namespace.running.has(override)) {
      return readOverrides(namespace, { experiment: override, params: new Map() });
    }
    throw new OptionError(
      `namespace ${name} does not run the experiment ${quote(override)}; write one of ${listNames(namespace.running.keys())}, or parameter:value`,
    );
  }
  const [parameter, value] = [override.slice(0, colon), override.slice(colon + 1)];
  const read = readForced(namespace, parameter, value);
  if ('problem' in read) {
    throw new OptionError(
      `namespace ${name} can't force ${quote(parameter)} to ${quote(value)}, ${read.problem}; running experiments set: ${listNames(settableParameters(namespace))}`,
    );
  }
  return { added: undefined, params: new Map([[parameter, read.value]]) };
}
