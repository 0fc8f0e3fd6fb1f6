import { RuleError } from '../../errors/rule-error.ts';
import { member } from '../../json/own.ts';
import { parseOutcomeRule } from '../../rules/outcomes/parse-outcome-rule.ts';
import { listOf, type Note, UniqueNames } from '../note.ts';
import { checkAnalyses } from './analysis-checks.ts';
import { readDuration } from './duration.ts';
import { checkProperties, partsOf } from './type-checks.ts';

/**
 * Finds the problems of metrics and analyses that a schema can't describe. In metrics: names used twice,
 * properties that are missing for a type or have no meaning for it, rules that don't parse, windows without
 * length. In analyses: unknown metrics and variants, metrics that are listed twice, instants that don't
 * exist. Takes any data and skips parts of the wrong shape.
 *
 * @param data the whole text
 */
export function checkMetrics(data: unknown, note: Note): void {
  const isList = Array.isArray(data);
  const metrics = isList ? [] : listOf(member(data, 'metrics'));
  const names = new UniqueNames('metric', '/metrics');
  for (const [i, metric] of metrics.entries()) {
    names.add(member(metric, 'name'), i, '/name', note);
    checkMetric(metric, `/metrics/${i}`, note);
  }
  checkAnalyses(data, names.declared, note);
}

function checkMetric(metric: unknown, path: string, note: Note): void {
  checkProperties(metric, path, note);
  for (const part of ['', ...partsOf(metric).map((name) => `/${name}`)]) {
    checkPart(part === '' ? metric : member(metric, part.slice(1)), path + part, note);
  }
  checkDuration(member(metric, 'window'), 'window', path, note);
  checkDuration(member(metric, 'delay'), 'delay', path, note);
}

function checkPart(part: unknown, path: string, note: Note): void {
  const where = member(part, 'where');
  if (typeof where === 'string') {
    const fault = faultOf(where);
    if (fault !== undefined) note(`${path}/where`, () => fault);
  }
  const seen = new Set<unknown>();
  for (const [i, outcome] of listOf(member(part, 'outcome')).entries()) {
    if (seen.has(outcome)) {
      note(`${path}/outcome/${i}`, () => 'this outcome is listed twice; remove one of them');
    }
    seen.add(outcome);
  }
}

/** Returns the message of a rule that can't be used. */
function faultOf(rule: string): string | undefined {
  try {
    parseOutcomeRule(rule);
    return undefined;
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return error.message;
  }
}

/** Reports durations that are too long, and windows without length. The schema reports other texts. */
function checkDuration(text: unknown, name: 'window' | 'delay', path: string, note: Note): void {
  if (typeof text !== 'string' || !/^\d{1,6}[a-z]$/.test(text)) return;
  const ms = readDuration(text);
  if (ms === undefined) {
    const advice = name === 'window' ? '; for a window without end, write null' : '';
    note(`${path}/${name}`, () => `${name} is longer than ten years${advice}`);
  } else if (ms === 0 && name === 'window') {
    note(`${path}/window`, () => `a window of ${text} holds no outcomes; write one such as "7d"`);
  }
}
