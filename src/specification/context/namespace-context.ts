import type { Problem } from '../../errors/spec-error.ts';
import { quote } from '../../errors/show-value.ts';
import { member } from '../../json/own.ts';
import { pointerTo } from '../../json/pointer.ts';
import type { ScriptInspection } from '../../planout/script/script.ts';
import type { ContextType } from '../../rules/types/types.ts';
import { listOf, type Note } from '../note.ts';
import { declaredContext } from '../schema/shape.ts';
import type { Specification } from '../types.ts';
import { readContext } from './context-schema.ts';
import { identityFault, typeAt } from './context-path.ts';

/** The checks of namespaces against the declared context. */
export interface NamespaceContextChecks {
  /** Reports the unit of the namespace at `path` if the context does not have it. */
  readonly checkUnit: (namespace: unknown, path: string, note: Note) => void;
  /** Reports units of draws that neither the script at `path` nor the context has. */
  readonly checkScript: (
    script: ScriptInspection,
    namespace: unknown,
    path: string,
    note: Note,
  ) => void;
}

const MAP_IT = 'map it to a context path in "inputs"';

/** Returns the checks of namespaces against a declared context. */
export function namespaceContextChecks(type: ContextType): NamespaceContextChecks {
  return {
    checkUnit(namespace, path, note) {
      const unit = member(namespace, 'unit');
      const check = (one: unknown, at: string): void => {
        if (typeof one !== 'string') return;
        const fault = identityFault(one, type, 'unit');
        if (fault !== undefined) note(at, fault);
      };
      if (typeof unit === 'string') check(unit, `${path}/unit`);
      for (const [i, one] of listOf(unit).entries()) check(one, `${path}/unit/${i}`);
    },
    checkScript(script, namespace, path, note) {
      const inputs = member(namespace, 'inputs');
      for (const name of script.units) {
        // A unit that some branch sets may be right.
        if (!script.inputs.includes(name) || script.parameters.includes(name)) continue;
        const found = typeAt(pathOf(name, inputs), type);
        if (!('missing' in found)) continue;
        const remedy = member(inputs, name) === undefined ? `; ${MAP_IT}` : '';
        note(
          path,
          () => `the unit ${quote(name)} of a draw is never given: ${found.missing()}${remedy}`,
        );
      }
    },
  };
}

/**
 * Returns the inputs of namespaces that the declared context does not have: paths in `inputs`, and names
 * that scripts read. A script reads `null` for them. Returns nothing without a declared context.
 *
 * @param data the parsed content of `experiments.config.json`
 * @returns problems without lines, in the order of the document
 */
export function inputWarnings(data: unknown, { namespaces }: Specification): readonly Problem[] {
  const schema = declaredContext(data);
  if (schema === undefined) return [];
  const { type } = readContext(schema, '/context');
  return namespaces.flatMap(({ inputs, experiments }, i) => {
    const path = `/namespaces/${i}`;
    const paths = Object.entries(inputs).flatMap(([name, to]): Problem[] => {
      const found = typeAt(to.split('.'), type);
      if (!('missing' in found)) return [];
      const message = `the input ${quote(to)} is not in the declared context, so it is null: ${found.missing()}`;
      return [{ path: pointerTo(`${path}/inputs`, name), message }];
    });
    const read = experiments.flatMap(({ script }, j) =>
      script === undefined
        ? []
        : unknownReads(script.inspection, inputs, type).map((message): Problem => ({
            path: `${path}/experiments/${j}/script`,
            message,
          })),
    );
    return [...paths, ...read];
  });
}

/** Returns a message for each name that a script reads, and that no one sets. */
function unknownReads(
  script: ScriptInspection,
  inputs: Readonly<Record<string, string>>,
  type: ContextType,
): string[] {
  return script.inputs.flatMap((name) => {
    if (script.parameters.includes(name) || Object.hasOwn(inputs, name)) return [];
    const found = typeAt([name], type);
    if (!('missing' in found)) return [];
    return [
      `the script reads ${quote(name)}, which is not in the declared context, so it is null: ${found.missing()}; declare it in "context", or ${MAP_IT}`,
    ];
  });
}

/** Returns the keys of the context path that a script's name reads. */
function pathOf(name: string, inputs: unknown): readonly string[] {
  const path = member(inputs, name);
  return typeof path === 'string' ? path.split('.') : [name];
}
