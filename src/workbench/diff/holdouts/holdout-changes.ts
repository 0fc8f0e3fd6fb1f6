import { listNames, quote } from '../../../errors/show-value.ts';
import { identityLabel, isSameIdentity } from '../../../specification/identity-paths.ts';
import type { HoldoutSpec } from '../../../specification/types.ts';
import { formatPercent } from '../format-percent.ts';
import { heldShares, type HoldoutPair, holdsOutTheSame } from './held-shares.ts';

/** A change to a holdout. */
export interface HoldoutDiff {
  readonly name: string;
  /** The change and its effect, as a sentence. */
  readonly message: string;
  /** The share of participants who are newly held out of its experiments, [0, 1]. */
  readonly enters: number;
  /** The share of participants who are no longer held out, [0, 1]. */
  readonly leaves: number;
}

/** Finds changes to holdouts that affect decisions. */
export function holdoutChanges({ before, after }: HoldoutPair): HoldoutDiff[] {
  const old = new Map(before.map((holdout) => [holdout.name, holdout]));
  const names = new Set(after.map(({ name }) => name));
  return [
    ...after.flatMap((holdout) => {
      const was = old.get(holdout.name);
      return was === undefined ? [added(holdout)] : changed(was, holdout);
    }),
    ...before.filter(({ name }) => !names.has(name)).map(removed),
  ];
}

function added(holdout: HoldoutSpec): HoldoutDiff {
  const { enters, leaves } = heldShares({ before: [], after: [holdout] });
  const message = `new, holds ${formatPercent(enters)} out of ${listNames(holdout.experiments)}`;
  return { name: holdout.name, message, enters, leaves };
}

function removed(holdout: HoldoutSpec): HoldoutDiff {
  const { enters, leaves } = heldShares({ before: [holdout], after: [] });
  const message = `removed, ${formatPercent(leaves)} are no longer held out of ${listNames(holdout.experiments)}`;
  return { name: holdout.name, message, enters, leaves };
}

function changed(before: HoldoutSpec, after: HoldoutSpec): HoldoutDiff[] {
  const { enters, leaves } = heldShares({ before: [before], after: [after] });
  const came = after.experiments.filter((name) => !before.experiments.includes(name));
  const went = before.experiments.filter((name) => !after.experiments.includes(name));
  const parts = [
    before.percent === after.percent ? [] : [`percent ${before.percent} → ${after.percent}`],
    isSameIdentity(before.identity, after.identity)
      ? []
      : [`identity ${identityLabel(before.identity)} → ${identityLabel(after.identity)}`],
    before.seed === after.seed ? [] : [`seed ${quote(before.seed)} → ${quote(after.seed)}`],
    came.length === 0 ? [] : [`new experiments: ${listNames(came)}`],
    went.length === 0 ? [] : [`removed experiments: ${listNames(went)}`],
    holdsOutTheSame({ before: [before], after: [after] }) ? [] : [effectOf(enters, leaves)],
  ].flat();
  if (parts.length === 0) return [];
  return [{ name: after.name, message: parts.join('; '), enters, leaves }];
}

function effectOf(enters: number, leaves: number): string {
  return [
    enters > 0 ? [`${formatPercent(enters)} are newly held out`] : [],
    leaves > 0 ? [`${formatPercent(leaves)} are no longer held out`] : [],
  ]
    .flat()
    .join(', ');
}

/** Describes a change of the holdouts that list an experiment; undefined if it affects no one. */
export function describeHoldouts(pair: HoldoutPair): string | undefined {
  if (holdsOutTheSame(pair)) return undefined;
  const [was, is] = [listOf(pair.before), listOf(pair.after)];
  return was === is ? `other participants are held out: ${is}` : `held out: ${was} → ${is}`;
}

function listOf(holdouts: readonly HoldoutSpec[]): string {
  const texts = holdouts.map(({ name, percent }) => `${percent}% by ${name}`);
  return texts.length === 0 ? 'no one' : texts.join(', ');
}
