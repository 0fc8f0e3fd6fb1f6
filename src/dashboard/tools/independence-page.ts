import { emptyState, note, panel, verdictLine } from '../../ui/blocks.ts';
import { button } from '../../ui/controls/buttons.ts';
import { searchField } from '../../ui/controls/fields.ts';
import { formatCount } from '../../ui/figures.ts';
import { html, type Html } from '../../ui/html.ts';
import { pairsPanel } from '../../workbench/simulate/page/pairs-panel.ts';
import type { Summary } from '../../workbench/simulate/summary/summary.ts';
import type { PageBody, PageDefinition } from '../frame/page-definition.ts';
import type { Visit } from '../frame/visit.ts';
import {
  type IndependenceData,
  independenceData,
  MAX_TESTED,
  type SharedSeed,
} from './independence-data.ts';

/** The page "Independence": whether the variant of one experiment predicts that of another. */
export const INDEPENDENCE_PAGE: PageDefinition<IndependenceData> = {
  path: 'independence',
  tab: 'independence',
  data: independenceData,
  render: (data, visit): PageBody => ({
    title: 'Independence',
    lead: 'Experiments with different seeds split people independently. Then the variant of one says nothing about the variant of another.',
    body: html`<div class="stack">
      ${seeds(data)}${data.found < 2 ? '' : choice(data, visit)}${data.summary === undefined ? '' : tested(data.summary)}
    </div>`,
  }),
};

function seeds({ shared, found, search }: IndependenceData): Html {
  if (found < 2 && search === '') {
    return emptyState(
      'Nothing to compare',
      'Two experiments that split people between variants are needed.',
    );
  }
  if (shared.length === 0) {
    return panel(
      'seeds',
      'Seeds',
      'known from the specification',
      verdictLine('good', 'Every experiment has its own seed.'),
    );
  }
  return panel(
    'seeds',
    'Seeds',
    'known from the specification',
    html`${verdictLine('bad', 'Some experiments share a seed.', 'A person has the same bucket in each of them, so one variant predicts the other. That is right only if one continues the other.')}
      <ul class="notes">
        ${shared.map(sharedLine)}
      </ul>`,
  );
}

function sharedLine({ seed, path, names }: SharedSeed): Html {
  return html`<li>
    ${names.join(', ')}: seed <code>${seed}</code>, identity <code>${path}</code>
  </li>`;
}

function choice({ search, names, found }: IndependenceData, visit: Visit): Html {
  const left =
    found <= MAX_TESTED
      ? ''
      : note(
          'warn',
          `Only the first ${MAX_TESTED} of ${formatCount(found)} experiments are compared.`,
          'Search for a part of their names to compare others.',
        );
  return panel(
    'test',
    'Test the pairs',
    'decides 20,000 made-up users, as "npx evenhand simulate" does',
    html`<form class="acts" method="get" action="${visit.link('independence')}">
        ${searchField('Experiments with this in their name', 'q', search)}
        ${button(`Compare ${names.length} experiments`, { look: 'main', name: 'test', value: '1' })}
      </form>
      ${left}`,
  );
}

function tested(summary: Summary): Html {
  const dependent = summary.pairs.filter(({ verdict }) => verdict === 'dependent').length;
  const verdict =
    dependent === 0
      ? note('good', 'All tested pairs are independent.')
      : note(
          'bad',
          `${dependent} of ${summary.pairs.length} pairs are dependent.`,
          'Give one experiment of each pair its own seed, unless it continues the other.',
        );
  return html`${verdict}${pairsPanel(summary)}`;
}
