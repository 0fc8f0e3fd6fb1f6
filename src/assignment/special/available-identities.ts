import { identityText } from '../../hash/text.ts';
import { readPath } from '../../rules/values/attributes.ts';
import { identityPaths } from '../../specification/identity-paths.ts';
import { ANONYMOUS_IDENTITY } from '../../specification/reserved-identities.ts';
import { withholdsKey } from '../identity.ts';
import type { DecidedExperiment } from '../outcome.ts';

/** The text of an identity; `missing` if the context has none, `failed` if reading it threw. */
export type ReadIdentity = { readonly text: string } | 'missing' | 'failed';

/** The identities that a context has now. */
export interface AvailableIdentities {
  /** The experiment's identity; of a list, the first that is available. Undefined if there is none. */
  readonly deciding: { readonly path: string; readonly text: string } | undefined;
  /** True if the tracking key would decide, but the visitor has not consented to be recognised. */
  readonly withheld: boolean;
  /** Reads an identity, each path once. Never throws. */
  read(path: string): ReadIdentity;
}

/** Reads the deciding identity of an experiment, and others when they are asked for. Never throws. */
export function readIdentities({ spec }: DecidedExperiment, context: object): AvailableIdentities {
  const known = new Map<string, ReadIdentity>();
  const read = (path: string): ReadIdentity => {
    let result = known.get(path);
    if (result === undefined) known.set(path, (result = readIdentity(context, path)));
    return result;
  };
  let withheld = false;
  for (const path of identityPaths(spec.identity)) {
    const result = read(path);
    if (typeof result === 'object') {
      return { deciding: { path, text: result.text }, withheld: false, read };
    }
    if (path === ANONYMOUS_IDENTITY && isWithheld(context)) withheld = true;
  }
  return { deciding: undefined, withheld, read };
}

function readIdentity(context: object, path: string): ReadIdentity {
  try {
    const text = identityText(readPath(context, path.split('.')));
    return text === undefined ? 'missing' : { text };
  } catch {
    return 'failed';
  }
}

function isWithheld(context: object): boolean {
  try {
    return withholdsKey(context);
  } catch {
    return true;
  }
}
