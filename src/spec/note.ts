import { quote } from '../show-value.ts';

/** What a check is handed to note what it finds. */
export type Note = (path: string, say: () => string) => void;

/** Notes a name that has been declared before. */
export function checkUnique(
  taken: Map<string, string>,
  name: unknown,
  path: string,
  owner: string,
  kind: 'experiment' | 'namespace' | 'variant',
  note: Note,
): void {
  if (typeof name !== 'string') return;
  const first = taken.get(name);
  if (first === undefined) taken.set(name, owner);
  else note(path, () => `the ${kind} ${quote(name)} is declared twice: ${first} has this name too`);
}

/** A list as it is; nothing else has items. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
