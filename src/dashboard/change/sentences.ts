import { describeHoldouts } from '../../changes/describe-holdouts.ts';
import { describeReach } from '../../changes/describe-schedule.ts';
import type { SpecificationText } from '../../changes/find-experiment.ts';
import { DEFAULT_PARKED } from '../../changes/parked.ts';
import { experimentChecksum } from '../../exposures/records/checksum.ts';
import { holdoutsOf } from '../../specification/holdouts.ts';
import { RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import { isSwitch } from '../../ui/variant-key.ts';
import { deals } from '../../workbench/warnings/seed-warnings.ts';
import type { AudienceMovement } from '../../workbench/diff/compare-experiment.ts';
import { formatPercent } from '../../workbench/diff/format-percent.ts';
import type { ChangeEffect, ExperimentMovement } from './movement.ts';

/** A sentence about a change. */
export interface Sentence {
  /** `joins` is drawn as +, `good` as a check mark, `bad` as an alarm, `info` as an i. */
  readonly tone: 'joins' | 'good' | 'bad' | 'info';
  readonly text: string;
}

/** Smaller shares are rounding errors. */
const LEAST = 1e-9;

const PARKED = new Set(DEFAULT_PARKED);

/** Says in sentences who moves, and what that means for the results. */
export function sentencesFor(
  { movement, added, removed }: ChangeEffect,
  after: SpecificationText,
): readonly Sentence[] {
  const sentences = [
    ...removed.map((name): Sentence => ({
      tone: 'bad',
      text: `Removes ${name}. Code that still asks for it gets no variant.`,
    })),
    ...movement.flatMap((one) => {
      const prefix = movement.length > 1 ? `${one.experiment}: ` : '';
      const own = [...moves(one), ...consequences(one), ...circumstances(one, after)];
      return own.map(({ tone, text }) => ({ tone, text: prefix + text }));
    }),
    ...added.map((name): Sentence => ({ tone: 'info', text: `Adds ${name}.` })),
  ];
  return sentences.length === 0
    ? [{ tone: 'good', text: 'No one sees a different variant.' }]
    : sentences;
}

function moves({ comparison, after }: ExperimentMovement): Sentence[] {
  const { movements, sameRules, exact } = comparison;
  const about = exact ? '' : 'about ';
  const isOnOff = isSwitch(after.variants.map(({ name }) => name));
  const sentences = movements.flatMap((move): Sentence[] => {
    const who = audienceOf(move, after, sameRules);
    const { joining, leaving } = shares(move);
    const texts: Sentence[] = [];
    const text = (share: number, word: string, onOff: string): string => {
      const whom = `${about}${formatPercent(share)} of ${who}`;
      return isOnOff ? `Turns ${onOff} for ${whom}.` : `${whom} ${word}.`;
    };
    if (joining > LEAST) texts.push({ tone: 'joins', text: text(joining, 'join', 'on') });
    if (leaving > LEAST) texts.push({ tone: 'joins', text: text(leaving, 'leave', 'off') });
    if (move.harmful > LEAST) {
      const share = formatPercent(move.harmful);
      texts.push({ tone: 'bad', text: `Changes what ${about}${share} of ${who} see.` });
    }
    return texts;
  });
  const isHarmless = sentences.every(({ tone }) => tone !== 'bad');
  if (isOnOff) return sentences;
  const nobody: Sentence = { tone: 'good', text: 'No one sees a different variant.' };
  const all = sentences.map(({ tone, text }) => ({ tone, text: capital(text) }));
  return isHarmless ? [...all, nobody] : all;
}

/** The shares of units that begin and that stop to see a shown variant. */
export function shares({ rows, columns, shares: table }: AudienceMovement): {
  readonly joining: number;
  readonly leaving: number;
} {
  let [joining, leaving] = [0, 0];
  for (const [i, from] of rows.entries()) {
    for (const [j, to] of columns.entries()) {
      const share = table[i]?.[j] ?? 0;
      if (PARKED.has(from) && !PARKED.has(to)) joining += share;
      if (!PARKED.has(from) && PARKED.has(to)) leaving += share;
    }
  }
  return { joining, leaving };
}

function audienceOf(
  { from, to }: AudienceMovement,
  { audiences }: ExperimentSpec,
  sameRules: boolean,
): string {
  if (audiences.length === 1 && sameRules) return 'all users';
  if (sameRules) return `audience ${to + 1}`;
  return `users who go from audience ${from + 1} to audience ${to + 1}`;
}

function consequences({ before, after }: ExperimentMovement): Sentence[] {
  const isRecorded = before.exposure !== 'off' || after.exposure !== 'off';
  if (!isRecorded || experimentChecksum(before) === experimentChecksum(after)) return [];
  return [{ tone: 'info', text: 'This starts new results. The results so far are kept.' }];
}

function circumstances(
  { after }: ExperimentMovement,
  document: SpecificationText,
): readonly Sentence[] {
  const notes = [
    ...(after.sticky === true ? ['Sticky: users who have a variant keep it.'] : []),
    ...(after.identity === RANDOM_IDENTITY && deals(after)
      ? ['Random: users get a variant at random on each request.']
      : []),
    ...describeHoldouts(after, holdoutsOf(document.specification, after.name)).map(asSentence),
    ...describeReach(after).map(asSentence),
  ];
  return notes.map((text) => ({ tone: 'info', text }));
}

function asSentence(text: string): string {
  return capital(text.endsWith('.') ? text : `${text}.`);
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
