import { note } from '../../ui/blocks.ts';
import { button } from '../../ui/controls/buttons.ts';
import { diffView } from '../../ui/history/diff-view.ts';
import { html, type Html } from '../../ui/html.ts';
import { icon, type IconName } from '../../ui/icons.ts';
import type { FieldProblem } from '../frame/page-definition.ts';
import type { ChangePreview } from './preview.ts';
import type { SaveOutcome } from './save.ts';
import type { Sentence } from './sentences.ts';

const ICONS: Readonly<Record<Sentence['tone'], IconName>> = {
  joins: 'plus',
  good: 'check',
  bad: 'alert',
  info: 'info',
};

/** Renders the sentences about a change. */
export function sentenceList(sentences: readonly Sentence[]): Html {
  return html`<ul class="sentences">
    ${sentences.map(
      ({ tone, text }) => html`<li class="${tone}">${icon(ICONS[tone])}<span>${text}</span></li>`,
    )}
  </ul>`;
}

/** Renders the parts of a change's JSON that differ. */
export function changeDiff({
  beforeText = '',
  afterText = '',
}: Pick<ChangePreview, 'beforeText' | 'afterText'>): Html {
  return diffView(beforeText, afterText);
}

/** Renders the tick without which a change that people see is not saved; empty if nobody sees it. */
export function harmTick({ harmful }: Pick<ChangePreview, 'harmful'>): Html | '' {
  if (harmful === 0) return '';
  return html`<label class="tick"
    ><input type="checkbox" name="anyway" value="yes" /> Change what they see anyway</label
  >`;
}

/** Renders what a visitor reads after a change that was not saved; empty for outcomes that need no note. */
export function notSaved(outcome: SaveOutcome): Html | '' {
  switch (outcome.kind) {
    case 'conflict':
      return conflictNote(outcome);
    case 'harmful':
      return note('warn', 'Not saved yet.', 'Some users would see a different variant.');
    case 'invalid':
      return problemNote(outcome.problems);
    case 'failed':
      return note('bad', 'Not saved.', outcome.message);
    default:
      return '';
  }
}

function problemNote(problems: readonly FieldProblem[]): Html {
  const lines = problems.map(({ field, message }) => {
    const where = field === undefined ? '' : html`<code>${field}</code> `;
    return html`<li>${where}${message}</li>`;
  });
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return note(
    'bad',
    `Not saved: ${count}.`,
    html`<ul class="notes">
      ${lines}
    </ul>`,
  );
}

function conflictNote({ theirs }: Extract<SaveOutcome, { kind: 'conflict' }>): Html {
  const who = theirs?.author ?? 'Someone else';
  const reason = theirs?.reason === undefined ? '' : ` (${theirs.reason})`;
  const diff =
    theirs?.before === undefined || theirs.after === undefined
      ? ''
      : diffView(theirs.before, theirs.after);
  return note(
    'warn',
    `${who} changed this first${reason}.`,
    html`Your change was not saved. It is shown below as it would be now. ${diff}`,
  );
}

/** Renders the buttons of a form: the one that saves, and the way back. */
export function saveButtons(text: string, back: Html, isConflict = false): Html {
  return html`<div class="acts">
    ${button(isConflict ? `Apply my change: ${text}` : text, { look: 'main' })}${back}
  </div>`;
}
