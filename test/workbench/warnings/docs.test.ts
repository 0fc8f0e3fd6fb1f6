import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../processes/repository.ts';
import { warned } from './warned.ts';

const text = readFileSync(join(ROOT, 'docs/rules.md'), 'utf8');
const [, block = ''] = /^```rule-doubts\n([^]*?)^```$/m.exec(text) ?? [];
const examples = block
  .trimEnd()
  .split('\n')
  .map((line) => line.split(' # ').map((part) => part.trim()));

describe('docs/rules.md, without a declared context', () => {
  it('shows several warnings', () => {
    expect(examples.length).toBeGreaterThan(4);
  });

  it.each(examples)('is right about the warning for %s', (rule = '', message = '') => {
    const messages = warned({ rules: [rule] }).map((warning) => warning.replace(/^[a-z-]+: /, ''));
    expect(messages).toEqual([message]);
  });

  it('is right about an experiment for users who are logged in', () => {
    expect(warned({ identity: 'user.id', splits: true, rules: ["user.plan == 'pro'"] })).toEqual(
      [],
    );
  });
});
