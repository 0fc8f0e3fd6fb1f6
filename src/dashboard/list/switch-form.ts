import type { SwitchState } from '../../changes/flip-switch.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import { panel } from '../../ui/blocks.ts';
import { linkButton } from '../../ui/controls/buttons.ts';
import { field } from '../../ui/controls/fields.ts';
import { html, type Html } from '../../ui/html.ts';
import { fieldOf, type FormFields } from '../../web/form-body.ts';
import { changeDiff, notSaved, saveButtons, sentenceList } from '../change/change-notes.ts';
import { changeForm } from '../change/form-fields.ts';
import { versionOf } from '../change/parts.ts';
import { previewChange, type ShownPreview, shownPreview } from '../change/preview-change.ts';
import { switchChange } from '../change/requests.ts';
import { problemsOf, savedNotice, statusOf } from '../change/outcome-status.ts';
import { saveChange, type SaveOutcome } from '../change/save.ts';
import type {
  FormDefinition,
  FormOutcome,
  PageBody,
  PageDefinition,
} from '../frame/page-definition.ts';
import type { Visit } from '../frame/visit.ts';
import { isSwitchSpec } from './rows.ts';
import { readingOf } from './switches-data.ts';

/** The data of the page that asks before a switch is flipped. */
export interface SwitchQuestion {
  readonly name: string;
  readonly to: SwitchState;
  readonly version: string;
  /** Absent if the store fails, or the change can't be made. */
  readonly preview: ShownPreview | undefined;
}

const PATH = 'experiments/:name/switch';

/** The page that asks before a switch is flipped for everyone. */
export const SWITCH_PAGE: PageDefinition<SwitchQuestion> = {
  path: PATH,
  tab: 'switches',
  right: 'switch',
  data: (visit) => questionOf(visit, visit.query.get('to')),
  render: (question, visit) => pageOf(question, visit),
};

/** The form that flips a switch for everyone. */
export const SWITCH_FORM: FormDefinition = {
  path: PATH,
  tab: 'switches',
  right: 'switch',
  submit: flip,
};

async function flip(visit: Visit, fields: FormFields): Promise<FormOutcome> {
  const { name = '' } = visit.params;
  const to = fieldOf(fields, 'to') === 'on' ? 'on' : 'off';
  const form = changeForm(fields);
  // A flip is seen by everyone it is meant for.
  const outcome = await saveChange(visit, switchChange(name, to, 'all'), {
    ...form,
    acceptsHarm: true,
  });
  if (outcome.kind === 'saved') {
    const { part, beforeText: before, afterText: after } = outcome.preview;
    const { revision } = outcome;
    return {
      kind: 'saved',
      to: 'switches',
      notice: savedNotice(`${name} is ${to}.`, outcome),
      revision,
      part,
      before,
      after,
    };
  }
  const question = await questionOf(visit, to);
  const page =
    question === undefined
      ? { title: name, body: html`${notSaved(outcome)}` }
      : pageOf(question, visit, { outcome, reason: form.reason });
  return { kind: 'again', status: statusOf(outcome), problems: problemsOf(outcome), page };
}

async function questionOf(visit: Visit, given: string | null): Promise<SwitchQuestion | undefined> {
  const { params, snapshot, now } = visit;
  const { name = '' } = params;
  const spec = snapshot.experiments.find((one) => one.name === name);
  if (spec === undefined || !isSwitchSpec(spec)) return undefined;
  const to = given === 'on' || given === 'off' ? given : otherState(spec);
  const part = { kind: 'experiment', name } as const;
  return {
    name,
    to,
    version: versionOf(snapshot.specification, part, now),
    preview: await previewChange(visit, switchChange(name, to, 'all')).then(
      shownPreview,
      () => undefined,
    ),
  };
}

function otherState(spec: ExperimentSpec): SwitchState {
  return readingOf(spec).state === 'on' ? 'off' : 'on';
}

/** The form that a visitor sent, and its outcome. */
interface Sent {
  readonly outcome: SaveOutcome;
  readonly reason: string;
}

function pageOf(
  { name, to, version, preview }: SwitchQuestion,
  visit: Visit,
  sent?: Sent,
): PageBody {
  const outcome = sent?.outcome;
  const isConflict = outcome?.kind === 'conflict';
  const shown = isConflict ? outcome.preview : preview;
  const problem =
    outcome?.kind === 'invalid'
      ? outcome.problems.find((one) => one.field === 'reason')?.message
      : undefined;
  const back = linkButton('Cancel', visit.link('switches'), { look: 'bare' });
  return {
    title: `Turn ${name} ${to} for everyone?`,
    crumbs: [{ text: 'Switches', href: visit.link('switches') }],
    body: html`<div class="stack confirm">
      ${outcome === undefined ? '' : notSaved(outcome)}
      ${panel(
        'flip',
        name,
        '',
        html`${consequences(shown)}
          <form method="post" action="${visit.link(`experiments/${name}/switch`)}">
            <input type="hidden" name="to" value="${to}" />
            <input type="hidden" name="version" value="${isConflict ? outcome.version : version}" />
            ${field({
              label: 'Reason',
              name: 'reason',
              value: sent?.reason ?? '',
              placeholder: 'ticket 501',
              ...(problem !== undefined && { problem }),
            })}
            ${saveButtons(`Turn ${name} ${to}`, back, isConflict)}
          </form>`,
      )}
    </div>`,
  };
}

function consequences(preview: ShownPreview | undefined): Html | '' {
  return preview === undefined
    ? ''
    : html`${sentenceList(preview.sentences)}${changeDiff(preview)}`;
}
