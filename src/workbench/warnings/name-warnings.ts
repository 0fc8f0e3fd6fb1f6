import { quote } from '../../errors/show-value.ts';
import { member } from '../../json/own.ts';
import { listOf } from '../../specification/note.ts';
import { pathKey, segmentOf } from '../../rules/types/paths.ts';
import type { RuleNode } from '../../rules/syntax/nodes.ts';
import { entriesBySteps } from './schedule-warnings.ts';
import type { Circumstances, Entry, Warning } from './warning.ts';
import { type ParsedRule, rulesOf, visitedIn, warningAbout } from './rule-nodes.ts';
import { meantAttribute, meantIdentity, meantName } from './standard-names.ts';

/**
 * Finds identities and names in rules that are nearly those of values that Evenhand provides: `userId`,
 * `users.id`, `user.isAuthenticated`. Names that the context declares are the application's own.
 */
export function nameWarnings(entries: readonly Entry[], around: Circumstances): Warning[] {
  const { declared } = around;
  const isOwn = (path: string) => declared?.has(path) === true;
  const identities = entries
    .filter(({ spec }) => !spec.shorthand)
    .flatMap(({ spec: { identity }, path }) => {
      const place = `${path}/identity`;
      if (typeof identity === 'string') return inIdentity(identity, place, isOwn);
      return identity.flatMap((one, i) => inIdentity(one, `${place}/${i}`, isOwn));
    });
  return [
    ...identities,
    ...rulesOf(entriesBySteps(entries), around).flatMap((rule) => inRule(rule, isOwn)),
  ];
}

/**
 * Finds units of namespaces that are nearly standard identities.
 *
 * @param data the parsed content of `experiments.config.json`
 */
export function unitWarnings(data: unknown, { declared }: Circumstances): Warning[] {
  const isOwn = (path: string) => declared?.has(path) === true;
  const namespaces = Array.isArray(data) ? [] : listOf(member(data, 'namespaces'));
  return namespaces.flatMap((namespace, i) => {
    const unit = member(namespace, 'unit');
    const path = `/namespaces/${i}/unit`;
    if (typeof unit === 'string') return inIdentity(unit, path, isOwn);
    return listOf(unit).flatMap((one, j) => inIdentity(String(one), `${path}/${j}`, isOwn));
  });
}

function inIdentity(identity: string, path: string, isOwn: (path: string) => boolean): Warning[] {
  const meant = isOwn(identity.split('.', 1)[0] ?? '') ? undefined : meantIdentity(identity);
  if (meant === undefined) return [];
  const message =
    `the identity ${quote(identity)} is not a value that Evenhand provides; did you mean ` +
    `${quote(meant)}? ${ownAdvice(identity)}`;
  return [{ code: 'misspelt-name', path, message }];
}

function inRule(rule: ParsedRule, isOwn: (path: string) => boolean): Warning[] {
  const warned = new Set<string>();
  return visitedIn(rule.node).flatMap(({ node, parent, locals }): Warning[] => {
    const [path, meant] = misspelling(node, parent) ?? [];
    if (path === undefined || meant === undefined) return [];
    if (isOwn(path) || locals.has(path.split('.', 1)[0] ?? '') || warned.has(path)) return [];
    warned.add(path);
    const reason = `${quote(path)} is not a value that Evenhand provides; did you mean ${meant}? ${ownAdvice(path)}`;
    return [warningAbout(rule, node, 'misspelt-name', reason)];
  });
}

/** Returns the path that a name or an attribute of `user` reads, and the standard one that it resembles. */
function misspelling(
  node: RuleNode,
  parent: RuleNode | undefined,
): readonly [path: string, meant: string | undefined] | undefined {
  if (node.kind === 'name') {
    const member = parent === undefined ? undefined : segmentOf(parent);
    return [node.name, meantName(node.name, member?.object === node ? member.name : undefined)];
  }
  const segment = segmentOf(node);
  if (segment === undefined || pathKey(segment.object) !== 'user') return undefined;
  const meant = meantAttribute(segment.name);
  return [`user.${segment.name}`, meant === undefined ? undefined : `user.${meant}`];
}

function ownAdvice(path: string): string {
  return path.startsWith('user.')
    ? `If your users have it, declare it in "context"`
    : `If your application provides it, declare it in "context"`;
}
