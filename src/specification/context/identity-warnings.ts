import type { Problem } from '../../errors/spec-error.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import { member } from '../../json/own.ts';
import { listOf } from '../note.ts';
import { ANONYMOUS_IDENTITY } from '../reserved-identities.ts';
import { declaredContext } from '../schema/shape.ts';
import { isAlwaysAvailable } from './context-path.ts';
import { readContext } from './context-schema.ts';
import { undeclaredContext } from './standard-context.ts';

/**
 * Returns the identities in lists of a valid specification after which no other one decides, because every
 * participant has a value there: `anonymous` before `user.id`.
 *
 * @param data the parsed content of `experiments.config.json`
 * @returns problems without lines, in the order of the document
 */
export function identityWarnings(data: unknown): readonly Problem[] {
  const [entries, base] = Array.isArray(data)
    ? [data as readonly unknown[], '']
    : [listOf(member(data, 'experiments')), '/experiments'];
  const lists = entries.map((entry) => listOf(member(entry, 'identity')).map(String));
  // Reading the context takes longer than everything else.
  if (lists.every((paths) => paths.length < 2)) return [];
  const schema = declaredContext(data);
  const type = schema === undefined ? undeclaredContext() : readContext(schema, '/context').type;
  return lists.flatMap((paths, i): Problem[] => {
    const last = paths.findIndex((path) => isAlwaysAvailable(path.split('.'), type));
    const path = paths[last];
    const later = paths.slice(last + 1);
    if (path === undefined || later.length === 0) return [];
    const message =
      `${quote(path)} is available ${whenOf(path)}, so ${listNames(later)} ` +
      `${later.length === 1 ? 'never decides' : 'never decide'}; move ${quote(path)} to the end of the list`;
    return [{ path: `${base}/${i}/identity/${last}`, message }];
  });
}

function whenOf(path: string): string {
  return path === ANONYMOUS_IDENTITY
    ? 'to every visitor who may be recognised'
    : 'in every context';
}
