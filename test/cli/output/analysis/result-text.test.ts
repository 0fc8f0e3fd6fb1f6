import { resultText } from '../../../../src/cli/output/analysis/result-text.ts';
import { createColour } from '../../../../src/cli/output/colour.ts';
import {
  DECIDED,
  HOSTILE_TEXTS,
  NO_DATA,
  NOT_DECIDED,
  RESULTS,
  SEGMENTS,
  SPLIT_OFF,
  TOO_FEW,
} from '../../../analysis/output/fixtures/results.ts';

const plain = { colour: createColour(false) };

describe('resultText', () => {
  it('shows the verdict, the split, the metrics by role, the data and the warnings', () => {
    expect(resultText(DECIDED, plain)).toMatchSnapshot();
  });

  it('shows the variants of a split that is off, and its usual causes', () => {
    expect(resultText(SPLIT_OFF, plain)).toMatchSnapshot();
  });

  it.each([SPLIT_OFF, TOO_FEW, NO_DATA])('shows no differences if they are withheld', (result) => {
    const text = resultText(result, plain);
    expect(text).toContain(result.summary);
    expect(text).not.toMatch(/[+−]6\.0%|difference|11\.84/);
  });

  it('shows segments below the metrics', () => {
    const text = resultText(SEGMENTS, plain);
    expect(text).toMatch(/^by user\.plan +units +metric/m);
    expect(text).toMatch(
      /^pro +6,227 +purchases, one_page +\+8\.1% +\+3\.1% to \+13\.1% +better$/m,
    );
  });

  it('says why there is no percentage', () => {
    expect(resultText(NOT_DECIDED, plain)).toContain('(no percentage, because the control is 0)');
  });

  it('breaks sentences at the width, and keeps tables', () => {
    const text = resultText({ ...DECIDED, metrics: [], data: [] }, { ...plain, width: 40 });
    const long = text
      .split('\n')
      .slice(1)
      .filter((line) => line.length > 42);
    expect(long).toEqual([]);
  });

  it('colours the verdicts, and leaves the texts the same', () => {
    const coloured = resultText(DECIDED, { colour: createColour(true) });
    expect(coloured).toContain('\u001b[32mbetter');
    // eslint-disable-next-line no-control-regex
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(resultText(DECIDED, plain));
  });

  it('makes control characters and direction marks visible', () => {
    const text = resultText(HOSTILE_TEXTS, plain).replaceAll('\n', '');
    expect(text).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
  });

  it.each(Object.entries(RESULTS))(
    'renders the result "%s" without NaN or undefined',
    (_name, result) => {
      expect(resultText(result, plain)).not.toMatch(/NaN|undefined|null/);
    },
  );
});
