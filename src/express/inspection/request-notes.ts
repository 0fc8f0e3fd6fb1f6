import type {
  DecisionListener,
  ExposureFate,
  NamespaceExposure,
} from '../../assignment/listener.ts';
import type { NamespaceAssignment } from '../../assignment/namespaces/namespace-assignment.ts';
import type { Outcome } from '../../assignment/outcome.ts';
import type { Participant, ParticipantSetup } from '../../assignment/participant.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';
import { showValue } from '../../errors/show-value.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import type { RequestWatcher, WatchedVisit } from '../request/attention.ts';
import type { RequestContext } from '../request/request-context.ts';
import type { Asked, Inspection } from './inspection.ts';
import { WatchedParticipant } from './watched-participant.ts';

/** The most names that are noted; a page that asks for more can't be read. */
const MAX_NAMES = 1000;

/** The most calls of one name. */
const MAX_CALLS = 20;

/** The most characters of a name, and of an error's message. */
const MAX_NAME = 200;
const MAX_ERROR = 1000;

const NOTHING_GRANTED: ReadonlyMap<string, string> = new Map();

/** The call of the request that returns its participant; the calls of that one have names of their own. */
const PARTICIPANT = 'req.experiments';

/** Notes what the application asks of one request. */
export class RequestNotes implements Inspection, RequestWatcher {
  readonly namespaces: NamespaceAssignment[] = [];
  granted = NOTHING_GRANTED;
  isLate = false;
  private readonly names = new Map<string, AskedName>();
  private readonly fates = new Map<string, ExposureFate>();
  private visit: WatchedVisit | undefined;
  /** The call of the request whose method of the participant is about to be called. */
  private pending: string | undefined;

  get asked(): Iterable<Asked> {
    return this.names.values();
  }

  get snapshot(): Snapshot | undefined {
    return this.visit?.snapshot;
  }

  get participant(): Participant | undefined {
    return this.visit?.asked;
  }

  get context(): RequestContext | undefined {
    return this.visit?.known;
  }

  get overrides(): ReadonlyMap<string, string> {
    return this.visit?.overridesSoFar ?? this.granted;
  }

  /** Notes the overrides that share links grant. */
  grant(granted: ReadonlyMap<string, string> | undefined): void {
    this.granted = granted ?? NOTHING_GRANTED;
  }

  entered(visit: WatchedVisit): void {
    const { asked } = visit;
    this.isLate = asked !== undefined && !(asked instanceof WatchedParticipant);
    this.visit = visit;
  }

  createParticipant(
    setup: ParticipantSetup,
    context: object,
    listener: DecisionListener,
  ): Participant {
    return new WatchedParticipant(setup, context, listener, this);
  }

  called(what: string): void {
    this.pending = what === PARTICIPANT ? undefined : what;
  }

  exposed(exposure: Outcome | NamespaceExposure, fate: ExposureFate | undefined): void {
    if (fate === undefined || this.fates.size >= MAX_NAMES) return;
    const key =
      'namespace' in exposure
        ? keyOf('namespace', exposure.namespace.spec.name)
        : keyOf('experiment', exposure.experiment.name);
    if (!this.fates.has(key)) this.fates.set(key, fate);
  }

  /**
   * Returns the call that is being made: by the request, a guard or a view, otherwise by the method of
   * `req.experiments`.
   */
  takeCall(method: string): string {
    const call = this.pending ?? `${PARTICIPANT}.${method}`;
    this.pending = undefined;
    return call;
  }

  /** Notes that a name was asked for. @param call undefined if nothing of a namespace was read yet */
  note(kind: Asked['kind'], name: unknown, call: string | undefined): void {
    this.entryOf(kind, name)?.add(call);
  }

  noteError(experiment: string, message: string | undefined): void {
    this.entryOf('experiment', experiment)?.fail(message);
  }

  /** Notes a call, and the error that it throws, which goes on to the application. */
  noting<Result>(kind: Asked['kind'], name: unknown, call: string, run: () => Result): Result {
    const entry = this.entryOf(kind, name);
    entry?.add(call);
    try {
      return run();
    } catch (thrown) {
      entry?.fail(thrown);
      throw thrown;
    }
  }

  private entryOf(kind: Asked['kind'], given: unknown): AskedName | undefined {
    const text = typeof given === 'string' ? given : showValue(given);
    const name = text.length > MAX_NAME ? `${text.slice(0, MAX_NAME - 1)}…` : text;
    const key = keyOf(kind, name);
    let entry = this.names.get(key);
    if (entry === undefined && this.names.size < MAX_NAMES) {
      entry = new AskedName(kind, name, () => this.fates.get(key));
      this.names.set(key, entry);
    }
    return entry;
  }
}

/** The note of one name. */
class AskedName implements Asked {
  readonly kind: Asked['kind'];
  readonly name: string;
  readonly calls = new Set<string>();
  error: string | undefined;
  private readonly fate: () => ExposureFate | undefined;

  constructor(kind: Asked['kind'], name: string, fate: () => ExposureFate | undefined) {
    this.kind = kind;
    this.name = name;
    this.fate = fate;
  }

  get exposure(): ExposureFate | undefined {
    return this.fate();
  }

  add(call: string | undefined): void {
    if (call !== undefined && this.calls.size < MAX_CALLS) this.calls.add(call);
  }

  fail(thrown: unknown): void {
    this.error ??= thrownMessage(thrown).slice(0, MAX_ERROR);
  }
}

function keyOf(kind: Asked['kind'], name: string): string {
  return `${kind} ${name}`;
}
