import { contextWarnings } from '../../specification/context/context-checks.ts';
import { pointerTo } from '../../json/pointer.ts';
import { locate } from '../../json/positions.ts';
import type { ConfigFile } from './config-file.ts';
import { listPath } from './find-experiment.ts';
import type { Notice } from '../output/problems.ts';
import { duplicateKeys } from './duplicate-keys.ts';
import { expiryWarnings } from '../../workbench/warnings/expiry-warnings.ts';
import { ruleWarnings } from '../../workbench/warnings/rule-warnings.ts';
import { seedWarnings } from '../../workbench/warnings/seed-warnings.ts';
import { variantWarnings } from '../../workbench/warnings/variant-warnings.ts';
import { usageWarnings } from '../../workbench/warnings/usage-warnings.ts';
import type { Check, Circumstances, Entry, Warning } from '../../workbench/warnings/warning.ts';

/** All checks; a new kind of warning is a file and a line here. */
const CHECKS: readonly Check[] = [
  ruleWarnings,
  variantWarnings,
  seedWarnings,
  expiryWarnings,
  usageWarnings,
];

/** Finds likely mistakes in a valid specification, in the order of the text. */
export function findWarnings(config: ConfigFile, circumstances: Circumstances): Notice[] {
  const list = listPath(config).reduce<string>(pointerTo, '');
  const entries = config.specification.experiments.map((spec, i): Entry => ({
    spec,
    path: pointerTo(list, i),
  }));
  const warnings = [
    ...CHECKS.flatMap((check) => check(entries, circumstances)),
    ...contextWarnings(config.data).map((doubt): Warning => ({ code: 'rule-doubtful', ...doubt })),
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
  return [...notices, ...duplicateKeys(config.text)].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}
