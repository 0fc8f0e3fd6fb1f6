import {
  contextTypeOf,
  contextWarnings,
  declaredNames,
} from '../../specification/context/context-checks.ts';
import { identityWarnings } from '../../specification/context/identity-warnings.ts';
import { inputWarnings } from '../../specification/context/namespace-context.ts';
import { pointerTo } from '../../json/pointer.ts';
import { locate } from '../../json/positions.ts';
import type { ConfigFile } from './config-file.ts';
import { listPath } from '../../changes/find-experiment.ts';
import type { Notice } from '../output/problems.ts';
import { duplicateKeys } from '../../json/duplicate-keys.ts';
import { inexactNumbers } from '../../json/inexact-numbers.ts';
import { analysisWarnings } from '../../workbench/warnings/analyses/analysis-warnings.ts';
import { expiryWarnings } from '../../workbench/warnings/expiry-warnings.ts';
import { comparisonWarnings } from '../../workbench/warnings/comparison-warnings.ts';
import { nameWarnings, unitWarnings } from '../../workbench/warnings/name-warnings.ts';
import { userWarnings } from '../../workbench/warnings/user-warnings.ts';
import { holdoutWarnings } from '../../workbench/warnings/holdout-warnings.ts';
import { ruleWarnings } from '../../workbench/warnings/rule-warnings.ts';
import { experimentWarnings, segmentWarnings } from '../../workbench/warnings/segment-warnings.ts';
import {
  entriesAtAnyTime,
  entriesBySteps,
  scheduleWarnings,
} from '../../workbench/warnings/schedule-warnings.ts';
import { seedWarnings } from '../../workbench/warnings/seed-warnings.ts';
import { variantWarnings } from '../../workbench/warnings/variant-warnings.ts';
import { usageWarnings } from '../../workbench/warnings/usage-warnings.ts';
import type {
  Check,
  Circumstances,
  Entry,
  Warning,
  WarningCode,
} from '../../workbench/warnings/warning.ts';

/** The checks of audiences and their rules; a new kind of warning is a file and a line here. */
const AUDIENCE_CHECKS: readonly Check[] = [
  ruleWarnings,
  comparisonWarnings,
  userWarnings,
  experimentWarnings,
];

/** The checks that need all audiences that an experiment ever has. */
const OVERALL_CHECKS: readonly Check[] = [variantWarnings, seedWarnings];

/** The other checks of experiments. */
const CHECKS: readonly Check[] = [
  nameWarnings,
  expiryWarnings,
  scheduleWarnings,
  usageWarnings,
  segmentWarnings,
];

/** The warnings about rules whose mistake their types show again. */
const ABOUT_TYPES: ReadonlySet<WarningCode> = new Set([
  'rule-doubtful',
  'rule-fails',
  'rule-not-boolean',
]);

/** Finds likely mistakes in a valid specification, in the order of the text. */
export function findWarnings(config: ConfigFile, circumstances: Circumstances): Notice[] {
  const list = listPath(config).reduce<string>(pointerTo, '');
  const entries = config.specification.experiments.map((spec, i): Entry => ({
    spec,
    path: pointerTo(list, i),
  }));
  const { segments, declarations } = config.specification;
  const around = {
    ...circumstances,
    declared: declaredNames(config.data),
    context: contextTypeOf(config.data),
    segments,
    declarations,
  };
  const run = (checks: readonly Check[], about: readonly Entry[]): Warning[] =>
    checks.flatMap((check) => check(about, around));
  const found = [
    ...run(AUDIENCE_CHECKS, entriesBySteps(entries)),
    ...run(OVERALL_CHECKS, entriesAtAnyTime(entries)),
    ...run(CHECKS, entries),
  ];
  const blamed = new Set(found.flatMap(({ code, path }) => (ABOUT_TYPES.has(code) ? path : [])));
  const warnings = [
    ...found,
    ...holdoutWarnings(config.specification.holdouts ?? [], entries, around),
    ...analysisWarnings(config.specification, entries, around),
    ...unitWarnings(config.data, around),
    // Without a context, the types of such a rule show the same mistake again.
    ...contextWarnings(config.data, declarations)
      .filter(({ path }) => around.declared !== undefined || !blamed.has(path))
      .map((doubt): Warning => ({ code: 'rule-doubtful', ...doubt })),
    ...identityWarnings(config.data).map((found): Warning => ({
      code: 'identity-unreachable',
      ...found,
    })),
    ...inputWarnings(config.data, config.specification).map((doubt): Warning => ({
      code: 'input-undeclared',
      ...doubt,
    })),
  ];
  const places = locate(
    config.text,
    new Map(warnings.map(({ path, side = 'value' }) => [path, side])),
  );
  const notices: Notice[] = warnings.map(({ code, path, message }) => ({
    code,
    path,
    ...places.get(path),
    message,
  }));
  const inText = [
    ...duplicateKeys(config.text).map((found) => ({ code: 'duplicate-key', ...found })),
    ...inexactNumbers(config.text).map((found) => ({ code: 'inexact-number', ...found })),
  ];
  return [...notices, ...inText].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}
