import type { Participant } from '../assignment/participant.ts';
import { NotMountedError } from '../errors.ts';

/** What Evenhand knows of a request. */
export interface RequestState {
  /** The middleware that made it. */
  readonly owner: object;
  /** Made when first asked for. */
  readonly participant: Participant;
}

/** The one name in the process under which all copies of the package find the states. */
const STATES: unique symbol = Symbol.for('evenhand/request');

declare global {
  var [STATES]: WeakMap<object, RequestState> | undefined;
}
