import type { Response } from 'express';
import type { Participant } from '../../assignment/participant.ts';
import { VIEW_OBJECT, type ViewNameList, type ViewNames } from './view-names.ts';

type ViewLocals = Response['locals'];

/** Returns the participant in force where the request is now; `what` is the call, for messages. */
type FindParticipant = (what: string) => Participant;

/** The functions for views of one request. Templates call them without an object in front. */
class ViewFunctions implements Pick<Participant, keyof ViewNames> {
  readonly isVariant: Participant['isVariant'];
  readonly isOn: Participant['isOn'];
  readonly isOff: Participant['isOff'];
  readonly variant: Participant['variant'];

  constructor(find: FindParticipant) {
    this.isVariant = (name, variant) => find('isVariant()').isVariant(name, variant);
    this.isOn = (name) => find('isOn()').isOn(name);
    this.isOff = (name) => find('isOff()').isOff(name);
    this.variant = (name) => find('variant()').variant(name);
  }
}

/**
 * Adds the functions for views to the locals of a response, and all of them as one object. A name that
 * the application has set stays the application's, in `res.locals` and in `app.locals`, which
 * `res.locals` would hide.
 *
 * @param app the application that the request is in
 */
export function addViewFunctions(
  locals: ViewLocals,
  names: ViewNameList,
  find: FindParticipant,
  app: unknown,
): void {
  const earlier: unknown = locals[VIEW_OBJECT];
  const functions = earlier instanceof ViewFunctions ? earlier : new ViewFunctions(find);
  const ofApp = localsOfApp(app);
  if (!Object.hasOwn(locals, VIEW_OBJECT) && !Object.hasOwn(ofApp, VIEW_OBJECT)) {
    locals[VIEW_OBJECT] = functions;
  }
  for (const [name, fn] of names) {
    if (Object.hasOwn(ofApp, name)) {
      // A request that came from an application around this one has the functions already.
      if (locals[name] === functions[fn]) delete locals[name];
    } else if (!Object.hasOwn(locals, name)) {
      locals[name] = functions[fn];
    }
  }
}

const NONE: object = Object.freeze({});

function localsOfApp(app: unknown): object {
  const locals: unknown =
    (typeof app === 'function' || typeof app === 'object') && app !== null && 'locals' in app
      ? app.locals
      : undefined;
  return typeof locals === 'object' && locals !== null ? locals : NONE;
}
