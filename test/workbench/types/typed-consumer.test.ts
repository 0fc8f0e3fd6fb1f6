import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDeclarations } from '../../../src/workbench/types/declarations.ts';
import { atOnce } from '../../../src/runtime/steps.ts';
import { specificationSteps } from '../../../src/specification/specification.ts';
import { failedLines, markedLines, withoutMarks } from '../../house/types/marked-errors.ts';
import { compile } from './compile.ts';

const all = (variant: string) => [{ allocations: [{ variant, percent: 100 }] }];
const { experiments, namespaces } = atOnce(
  specificationSteps(
    {
      experiments: [
        'free_shipping:on',
        {
          name: 'experiment_1',
          description: 'Does a shorter checkout sell more? */ export const oops = 1; /*',
          owner: 'checkout\nteam',
          identity: 'user.id',
          variants: [
            { name: 'treatment', value: { steps: 1, fast: true, tags: ['new', 1] } },
            { name: 'inactive', value: { steps: 3, tags: [] } },
            { name: 'control', value: { steps: 3, tags: [] } },
          ],
          audiences: all('inactive'),
        },
        {
          name: 'headline',
          identity: 'anonymous',
          variants: [
            { name: 'plain', value: "It's here" },
            { name: 'bold', value: 'HERE' },
          ],
          audiences: all('plain'),
        },
        { name: '2024_sale', identity: 'random', variants: [{ name: 'a' }], audiences: all('a') },
      ],
      namespaces: [
        {
          name: 'checkout',
          unit: 'user.id',
          defaults: { button_text: 'OK' },
          experiments: [
            {
              name: 'words',
              script: "button_text = uniformChoice(choices=['OK', 'Buy'], unit=u); total = u;",
            },
            { name: 'colors', variants: [{ name: 'loud', values: { size: { px: 12 } } }] },
          ],
        },
      ],
    },
    { origin: 'test' },
  ),
);

const declarations = writeDeclarations(experiments, 'experiments.config.json', namespaces);
const consumer = readFileSync(join(__dirname, '../../house/types/typed-consumer.ts'), 'utf8');

describe.each(['module', 'commonjs'] as const)(
  'the declarations in a package of type %s',
  (type) => {
    it('tell the compiler names, variants and values, and turn mistakes into errors', () => {
      const marked = markedLines(consumer);
      expect(marked.length).toBeGreaterThan(25);
      const files = { 'experiments.d.ts': declarations, 'consumer.ts': withoutMarks(consumer) };
      expect(failedLines(compile(type, files), 'consumer.ts')).toEqual(marked);
    });
  },
);
