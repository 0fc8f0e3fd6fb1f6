import { atOnce } from '../../../src/runtime/steps.ts';
import { specificationSteps } from '../../../src/specification/specification.ts';
import { writeDeclarations } from '../../../src/workbench/types/declarations.ts';

function declare(...namespaces: readonly object[]): string {
  const specification = atOnce(
    specificationSteps({ experiments: [], namespaces }, { origin: 'test' }),
  );
  return writeDeclarations(specification.experiments, 'a.json', specification.namespaces);
}

describe('the declarations of namespaces', () => {
  it('have the parameters of defaults, scripts and variants', () => {
    const text = declare(
      {
        name: 'checkout',
        unit: 'user.id',
        description: 'The button',
        defaults: { text: 'OK', steps: [1] },
        experiments: [
          {
            name: 'words',
            script: `text = uniformChoice(choices=['a', 'b'], unit=u); n = 5; n = null; odd = u;
              list = sample(choices=l, unit=u); m = map(a=1); yes = a == b;`,
          },
          {
            name: 'colors',
            variants: [
              { name: 'one', values: { text: 'x', 'a b': { px: 1 } } },
              { name: 'two', values: { n: 1, odd: 1 } },
            ],
          },
        ],
      },
      { name: 'my shop', unit: 'user.id' },
    );
    expect(text).toContain(`
  interface Namespaces {
    /** The button */
    checkout: {
      text: string;
      steps: readonly number[];
      n: number | null;
      odd: unknown;
      list: readonly import('evenhand').JsonValue[];
      m: { readonly [name: string]: import('evenhand').JsonValue };
      yes: boolean;
      variant: 'one' | 'two';
      'a b': {
        readonly px: number;
      };
    };
    'my shop': {};
  }
}
`);
  });

  it('are absent without namespaces', () => {
    expect(declare()).not.toContain('Namespaces');
  });
});
