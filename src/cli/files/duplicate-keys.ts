import { visit } from 'jsonc-parser';
import type { Notice } from '../output/problems.ts';
import { pointerTo } from '../../json/pointer.ts';
import { type Position, positionsIn, withoutBom } from '../../json/positions.ts';
import { quote } from '../../errors/show-value.ts';

/** An object that is being read: its keys, with the offset of each. */
interface OpenObject {
  readonly path: string;
  readonly keys: Map<string, number>;
}

/** Finds duplicate keys: JSON parsers use the last one and silently ignore the others. */
export function duplicateKeys(text: string): (Notice & Position)[] {
  const json = withoutBom(text);
  const position = positionsIn(json);
  const notices: (Notice & Position)[] = [];
  const open: OpenObject[] = [];
  visit(json, {
    onObjectBegin: (_offset, _length, _line, _column, pathSupplier) => {
      open.push({ path: pathSupplier().reduce<string>(pointerTo, ''), keys: new Map() });
    },
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (key, offset) => {
      const object = open.at(-1);
      if (object === undefined) return;
      const first = object.keys.get(key);
      if (first === undefined) {
        object.keys.set(key, offset);
        return;
      }
      notices.push({
        code: 'duplicate-key',
        path: pointerTo(object.path, key),
        ...position(offset),
        message: `the key ${quote(key)} is already in line ${position(first).line}, and that one is ignored; remove one of the two`,
      });
    },
  });
  return notices;
}
