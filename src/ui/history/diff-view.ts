import { html, type Html } from '../html.ts';
import { type Edit, editsBetween } from './edits.ts';

/** Options of {@link diffView}. */
export interface DiffViewOptions {
  /** Its name for assistive technology. @default 'Change' */
  readonly label?: string;
  /** The unchanged lines that are shown around changes. @default 1 */
  readonly context?: number;
}

/** Splits a line into words, blanks and single other characters. */
const WORDS = /[\p{L}\p{N}_]+|\s+|./gsu;

/** A line, and the line beside it in which its changed words are looked for. */
interface ShownLine extends Edit {
  readonly partner?: string;
}

/** Shows the changed lines of two texts with + and −, and marks the changed words; empty if they are equal. */
export function diffView(before: string, after: string, options: DiffViewOptions = {}): Html {
  const { label = 'Change', context = 1 } = options;
  if (before === after) return html``;
  const lines = withPartners(editsBetween(before.split(/\r?\n/), after.split(/\r?\n/)));
  const changed = lines.flatMap(({ sign }, i) => (sign === ' ' ? [] : [i]));
  const near = new Set(changed.flatMap((i) => nearby(i, context)));
  const items = lines.flatMap((line, i) => {
    if (near.has(i)) return [lineItem(line)];
    return i > 0 && near.has(i - 1)
      ? [html`<li class="quiet"><span></span><span>…</span></li> `]
      : [];
  });
  return html`<ul class="changed" aria-label="${label}">
    ${items}
  </ul>`;
}

function nearby(i: number, context: number): number[] {
  return Array.from({ length: 2 * context + 1 }, (_, k) => i - context + k);
}

/** Gives each removed line the added line at the same position of the same change, and the other way round. */
function withPartners(edits: readonly Edit[]): ShownLine[] {
  const lines: ShownLine[] = [];
  for (let i = 0; i < edits.length;) {
    const block = edits.slice(i, i + blockLength(edits, i));
    const of = (sign: string): readonly Edit[] => block.filter((edit) => edit.sign === sign);
    const [removed, added] = [of('-'), of('+')];
    const pair = (own: readonly Edit[], other: readonly Edit[]): ShownLine[] =>
      own.map((edit, k) => {
        const partner = other[k];
        return partner === undefined ? edit : { ...edit, partner: partner.text };
      });
    lines.push(...of(' '), ...pair(removed, added), ...pair(added, removed));
    i += block.length;
  }
  return lines;
}

/** Returns the number of lines from `i` that are all kept, or all changed. */
function blockLength(edits: readonly Edit[], i: number): number {
  const isKept = edits[i]?.sign === ' ';
  const length = edits.slice(i).findIndex(({ sign }) => (sign === ' ') !== isKept);
  return length === -1 ? edits.length - i : length;
}

function lineItem({ sign, text, partner }: ShownLine): Html {
  const name = sign === '+' ? 'plus' : sign === '-' ? 'minus' : 'same';
  const shown = sign === '-' ? '−' : sign;
  return html`<li class="${name}">
    <span>${shown}</span><span>${words(sign, text, partner)}</span>
  </li> `;
}

/** Marks the words that the other line does not have; none if the lines have no word in common. */
function words(sign: string, text: string, partner: string | undefined): Html | string {
  if (partner === undefined) return text;
  const [own, other] = [text, partner].map((line) => line.match(WORDS) ?? []);
  const edits =
    sign === '-' ? editsBetween(own ?? [], other ?? []) : editsBetween(other ?? [], own ?? []);
  const isAlike = edits.some((edit) => edit.sign === ' ' && /[\p{L}\p{N}]/u.test(edit.text));
  if (!isAlike) return text;
  const parts: { text: string; isChanged: boolean }[] = [];
  for (const edit of edits.filter((one) => one.sign === ' ' || one.sign === sign)) {
    const isChanged = edit.sign !== ' ';
    const last = parts.at(-1);
    if (last?.isChanged === isChanged) last.text += edit.text;
    else parts.push({ text: edit.text, isChanged });
  }
  return html`${parts.map((part) => (part.isChanged ? html`<mark>${part.text}</mark>` : html`${part.text}`))}`;
}
