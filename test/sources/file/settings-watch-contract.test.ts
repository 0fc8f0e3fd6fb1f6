import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsSource } from 'evenhand';
import { behavesAsLiveSource } from '../../contract/live-source.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'evenhand-watch-'));
  file = join(directory, 'experiments.json');
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('settingsSource with watch', () => {
  describe('with notifications and polling', () => {
    behavesAsLiveSource((text) => {
      writeFileSync(file, text);
      return {
        source: settingsSource(file, { watch: true, intervalMs: 100 }),
        write: (text) => writeFileSync(file, text),
        breakOff: () => unlinkSync(file),
        remove: () => {},
      };
    });
  });

  describe('without notifications, as on network file systems', () => {
    behavesAsLiveSource((text) => {
      writeFileSync(file, text);
      const source = settingsSource(file, { watch: true, intervalMs: 100 });
      return {
        source: { ...source, watch: () => new Promise(() => {}) },
        write: (text) => writeFileSync(file, text),
        breakOff: () => unlinkSync(file),
        remove: () => {},
      };
    });
  });
});
