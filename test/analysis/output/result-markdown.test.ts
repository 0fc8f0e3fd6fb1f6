import { resultMarkdown } from '../../../src/analysis/output/result-markdown.ts';
import {
  DECIDED,
  HOSTILE,
  HOSTILE_TEXTS,
  NO_DATA,
  NOT_DECIDED,
  SPLIT_OFF,
  TOO_FEW,
} from './fixtures/results.ts';

describe('resultMarkdown', () => {
  it('shows the verdict, the split and the metrics of a decided experiment', () => {
    expect(resultMarkdown(DECIDED)).toMatchSnapshot();
  });

  it('shows an absolute difference if there is no percentage', () => {
    expect(resultMarkdown(NOT_DECIDED)).toContain(
      '| refunds | 0.00% | 0.040% | +0.040 points | −0.010 to +0.090 points | not decided |',
    );
  });

  it.each([SPLIT_OFF, TOO_FEW, NO_DATA])('shows no differences if they are withheld', (result) => {
    const text = resultMarkdown(result);
    expect(text).toMatch(/hidden|No records/);
    expect(text).not.toMatch(/[+−]6\.0%|difference|11\.84/);
  });

  it('keeps hostile texts as text on their line', () => {
    const text = resultMarkdown(HOSTILE_TEXTS);
    const own = text.replaceAll(/<\/?(details|summary)>/g, '');
    expect(own).not.toMatch(/(?<!\\)[<>`[\]]|@all|\u202e/);
    expect(own).not.toContain('\u0007');
    // Every row of the table still has its six cells.
    const rows = text.split('\n').filter((line) => line.startsWith('| \\</td'));
    const cells = rows.map((row) => row.replaceAll('\\|', '').split('|').length - 2);
    expect(cells).toEqual([6]);
    expect(text.split('\n').some((line) => line.startsWith('# d'))).toBe(false);
    expect(HOSTILE).toContain('\n# d');
  });
});
