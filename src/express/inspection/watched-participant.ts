import type {
  ExperimentName,
  NamespaceName,
  ParamsOf,
  ValueOf,
  VariantOf,
} from '../../assignment/declared-names.ts';
import type { Decision } from '../../assignment/explanation.ts';
import type { DecisionListener } from '../../assignment/listener.ts';
import type { NamespaceAssignment } from '../../assignment/namespaces/namespace-assignment.ts';
import { Participant, type ParticipantSetup } from '../../assignment/participant.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { type CallNotes, WatchedNamespace } from './watched-namespace.ts';

/** The participant of an inspected request. It notes each call and then makes it. */
export class WatchedParticipant extends Participant {
  readonly #setup: ParticipantSetup;
  readonly #context: object;
  readonly #listener: DecisionListener;
  readonly #notes: CallNotes;
  readonly #spaces = new Map<string, WatchedNamespace>();

  constructor(
    setup: ParticipantSetup,
    context: object,
    listener: DecisionListener,
    notes: CallNotes,
  ) {
    super(setup, context, listener);
    this.#setup = setup;
    this.#context = context;
    this.#listener = listener;
    this.#notes = notes;
  }

  override isVariant(name: string, variant: string | readonly string[]): boolean {
    return this.#noting('isVariant()', name, () => super.isVariant(name, variant as string));
  }

  // These two don't call their own methods of the base class, which call `isVariant()`.

  override isOn(name: string): boolean {
    return this.#noting('isOn()', name, () => super.isVariant(name, 'on'));
  }

  override isOff(name: string): boolean {
    return this.#noting('isOff()', name, () => super.isVariant(name, 'off'));
  }

  override variant<Name extends ExperimentName>(name: Name): VariantOf<Name> | undefined {
    return this.#noting('variant()', name, () => super.variant(name));
  }

  override peek<Name extends ExperimentName>(name: Name): VariantOf<Name> | undefined {
    return this.#noting('peek()', name, () => super.peek(name));
  }

  override expose(name: string): void {
    this.#noting('expose()', name, () => super.expose(name));
  }

  override value<Name extends ExperimentName>(name: Name): ValueOf<Name> | undefined {
    return this.#noting('value()', name, () => super.value(name));
  }

  override explain(name: string): Decision {
    const decision = this.#noting('explain()', name, () => super.explain(name));
    // An explanation has the error that a decision would throw.
    if (decision.reason === 'error') this.#notes.noteError(name, decision.error);
    return decision;
  }

  override variants(): ReturnType<Participant['variants']> {
    const call = this.#notes.takeCall('variants()');
    const { all } = this.#setup.experiments;
    for (const { name } of all) this.#notes.note('experiment', name, call);
    try {
      return super.variants();
    } catch (thrown) {
      // They are decided in order, up to the one that failed.
      const failed = all.find((experiment) => this.remembered(experiment) === undefined);
      if (failed !== undefined) this.#notes.noteError(failed.name, thrownMessage(thrown));
      throw thrown;
    }
  }

  override track(...event: Parameters<Participant['track']>): void {
    this.#notes.takeCall('track()');
    super.track(...event);
  }

  override namespace<Name extends NamespaceName>(name: Name): NamespaceAssignment<ParamsOf<Name>>;
  override namespace(name: string): NamespaceAssignment {
    const call = this.#notes.takeCall('namespace()');
    const compiled = this.#setup.namespaces.get(name);
    if (compiled === undefined) {
      this.#notes.note('namespace', name, call);
      return super.namespace(name);
    }
    this.#notes.note('namespace', name, undefined);
    let space = this.#spaces.get(name);
    if (space === undefined) {
      const [context, setup, listener] = [this.#context, this.#setup, this.#listener];
      space = new WatchedNamespace(name, compiled, context, setup, listener, this);
      this.#spaces.set(name, space);
      this.#notes.namespaces.push(space);
    }
    space.watch(this.#notes, call);
    return space;
  }

  #noting<Result>(method: string, name: unknown, run: () => Result): Result {
    const call = this.#notes.takeCall(method);
    return this.#notes.noting('experiment', name, call, run);
  }
}
