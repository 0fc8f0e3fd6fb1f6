import type { Specification } from '../../specification/types.ts';
import type { FieldProblem } from '../frame/page-definition.ts';
import type { Visit } from '../frame/visit.ts';
import type { DocumentPart, PastChange } from '../store/workspace.ts';
import type { ChangePreview, ChangeRequest } from './plan.ts';
import type { Revision } from '../../specification/types.ts';

/** The fields that every form of a change has. */
export interface ChangeForm {
  /** The {@link versionOf} the part that the visitor saw; field `version`. */
  readonly version: string;
  /** Field `reason`; at most 2,000 characters. */
  readonly reason: string;
  /** True if the visitor ticked "Change what they see anyway"; field `anyway`. */
  readonly acceptsHarm: boolean;
}

/** The outcome of a change. */
export type SaveOutcome =
  | { readonly kind: 'saved'; readonly revision: Revision; readonly preview: ChangePreview }
  | {
      readonly kind: 'proposed';
      readonly href: string | undefined;
      readonly preview: ChangePreview;
    }
  /** The document already is as wanted; nothing was written. */
  | { readonly kind: 'unchanged' }
  /** Someone else changed the part first; nothing was written. */
  | {
      readonly kind: 'conflict';
      /** The other change; undefined if the store does not know it. */
      readonly theirs: PastChange | undefined;
      /** The visitor's change on the document as it is now; undefined if it can't be made there. */
      readonly preview: ChangePreview | undefined;
      /** The version for "Apply my change". */
      readonly version: string;
    }
  /** People would see a different variant, and the tick is missing; nothing was written. */
  | { readonly kind: 'harmful'; readonly preview: ChangePreview }
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] }
  /** The store failed; the text says what is known. */
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Makes a change: reads the store, compares versions, plans, checks, and writes. Another change of another
 * part at the same moment is no conflict: it plans again on the newer document, a few times. Without a store
 * that can be written it calls `propose`. Calls `onChange` and logs after each write. Never rejects.
 */
export declare function saveChange(
  visit: Visit,
  request: ChangeRequest,
  form: ChangeForm,
): Promise<SaveOutcome>;

/**
 * Returns what a change would do to the specification in force, for previews on pages.
 *
 * @throws OptionError (`option`) or SpecError (`spec`, `json`) if it can't be made
 */
export declare function previewChange(visit: Visit, request: ChangeRequest): ChangePreview;

/** Returns a text that differs whenever the part differs, for the field `version`: 16 hexadecimal digits, or `-` if there is no such part. */
export declare function versionOf(specification: Specification, part: DocumentPart): string;
