import type { Specification } from '../../specification/types.ts';
import type { DocumentPart, StoredDocument } from '../store/workspace.ts';

/** A change that a form asks for. */
export interface ChangeRequest {
  readonly part: DocumentPart;
  /**
   * Plans the change on a document, which may be newer than the one that the visitor saw. Pure.
   *
   * @throws OptionError (`option`) or SpecError (`spec`, `json`), whose messages are shown at the form
   */
  plan(base: PlanBase): PlannedText;
}

/** The document that a change is planned on. */
export interface PlanBase {
  readonly document: StoredDocument;
  /** The validated content of the document. */
  readonly specification: Specification;
  /** Milliseconds since 1970: of a schedule, the step in force is changed. */
  readonly now: number;
}

/** The result of planning. */
export interface PlannedText {
  /** The whole JSON after the change; the same text if nothing changes. */
  readonly text: string;
}

/** The consequences of a planned change. */
export interface ChangePreview {
  readonly part: DocumentPart;
  readonly before: Specification;
  readonly after: Specification;
  /** The part as JSON before and after; undefined where it does not exist. */
  readonly beforeText: string | undefined;
  readonly afterText: string | undefined;
  /** The moves in each audience of the experiment that changes. */
  readonly movement: readonly AudienceMovement[];
  /** The largest share of an audience that sees a different shown variant, 0 to 1. */
  readonly harmful: number;
  /** The sentences that a reader sees before saving, the most important first. */
  readonly sentences: readonly Sentence[];
}

/** The units of one audience that move. */
export interface AudienceMovement {
  /** The audience's position before and after, from 0; undefined where it does not exist. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly rule: string | undefined;
  readonly isEveryone: boolean;
  /** Shares of the audience's units, 0 to 1. */
  readonly joining: number;
  readonly leaving: number;
  readonly switching: number;
}

/** A sentence about a change. */
export interface Sentence {
  /** `joins` +, `good` ✓, `bad` !, `info` i. */
  readonly tone: 'joins' | 'good' | 'bad' | 'info';
  readonly text: string;
}
