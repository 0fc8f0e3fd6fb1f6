import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RANKS } from '../house/layers/house-rules.ts';

const text = readFileSync(join(__dirname, '../../ARCHITECTURE.md'), 'utf8');

describe('ARCHITECTURE.md', () => {
  it('shows each folder of src with its rank', () => {
    const shown = [...text.matchAll(/^\| (\d+) +\| `src\/([a-z]+)(?:\/|\.ts)` +\|/gm)].map(
      ([, rank, name]) => `${name} ${rank}`,
    );
    const folders = [...RANKS].map(([part, rank]) => `${part.split('/')[0]} ${rank}`);
    expect(shown.toSorted()).toEqual([...new Set(folders)].toSorted());
  });

  it('names each integration', () => {
    const products = [...RANKS.keys()].flatMap((part) => {
      const [folder, product] = part.split('/');
      return folder === 'integrations' ? [product ?? ''] : [];
    });
    expect(products.filter((product) => !text.includes(`\`${product}\``))).toEqual([]);
  });

  it('fits on one page', () => {
    expect(text.split(/\s+/).filter(Boolean).length).toBeLessThan(1_000);
  });
});
