import { NamespaceAssignment } from '../../assignment/namespaces/namespace-assignment.ts';
import type { NamespaceExplanation } from '../../assignment/namespaces/namespace-explanation.ts';
import type { Asked } from './inspection.ts';

/** Takes the notes about the calls of a participant. */
export interface CallNotes {
  readonly namespaces: NamespaceAssignment[];
  /** Returns the call that is being made; see `RequestNotes`. */
  takeCall(method: string): string;
  /** Notes that a name was asked for. */
  note(kind: Asked['kind'], name: unknown, call: string | undefined): void;
  /** Notes the message of an error, if there is none yet. */
  noteError(experiment: string, message: string | undefined): void;
  /** Notes a call, and the error that it throws, which goes on to the application. */
  noting<Result>(kind: Asked['kind'], name: unknown, call: string, run: () => Result): Result;
}

/** The assignment in a namespace for an inspected request. It notes each read. */
export class WatchedNamespace extends NamespaceAssignment {
  #notes: CallNotes | undefined;
  #call = '';

  /** Begins to note. @param call the call that returned the assignment, such as `req.namespace()` */
  watch(notes: CallNotes, call: string): void {
    this.#notes = notes;
    this.#call = call;
  }

  override get segment(): number | undefined {
    return this.#noting('segment', () => super.segment);
  }

  override get experiment(): string | undefined {
    return this.#noting('experiment', () => super.experiment);
  }

  override get inExperiment(): boolean {
    return this.#noting('inExperiment', () => super.inExperiment);
  }

  override get(parameter: string, fallback?: unknown): unknown {
    return this.#noting('get()', () => super.get(parameter, fallback));
  }

  override peek(parameter: string, fallback?: unknown): unknown {
    return this.#noting('peek()', () => super.peek(parameter, fallback));
  }

  override expose(): void {
    this.#noting('expose()', () => super.expose());
  }

  override getParams(): ReturnType<NamespaceAssignment['getParams']> {
    return this.#noting('getParams()', () => super.getParams());
  }

  override setOverrides(...overrides: Parameters<NamespaceAssignment['setOverrides']>): void {
    this.#noting('setOverrides()', () => super.setOverrides(...overrides));
  }

  override explain(): NamespaceExplanation {
    return this.#noting('explain()', () => super.explain());
  }

  #noting<Result>(member: string, run: () => Result): Result {
    const notes = this.#notes;
    return notes === undefined
      ? run()
      : notes.noting('namespace', this.name, `${this.#call}.${member}`, run);
  }
}
