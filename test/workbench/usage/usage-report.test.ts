import { placesIn } from '../../../src/workbench/usage/scan.ts';
import { hasFindings, reportUsage } from '../../../src/workbench/usage/usage-report.ts';
import { atOnce } from '../../../src/runtime/steps.ts';
import { specificationSteps } from '../../../src/specification/specification.ts';

const audience = (...percents: [string, number][]) => ({
  allocations: percents.map(([variant, percent]) => ({ variant, percent })),
});

const experiment = (name: string, ...audiences: object[]) => ({
  name,
  identity: 'user.id',
  variants: [{ name: 'plain' }, { name: 'bold' }],
  audiences,
});

const running = experiment('headline', audience(['plain', 50], ['bold', 50]));
const finished = experiment(
  'button',
  { rule: 'user.is_anonymous', ...audience(['plain', 0], ['bold', 100]) },
  audience(['bold', 60], ['bold', 40]),
);

function report(entries: unknown[], code: string, today = '2026-11-02') {
  const { experiments } = atOnce(specificationSteps(entries, { origin: 'test' }));
  return reportUsage(experiments, { files: 1, places: placesIn(code, 'app.js') }, today);
}

describe('reportUsage', () => {
  it('lists the places of each experiment', () => {
    const code =
      "\nx = req.isVariant('headline', 'bold');\nif (req.isOn('search')) req.variant('headline');";
    const found = report(['search:on', running], code);
    expect(
      found.experiments.map(({ name, places }) => [
        name,
        places.map((place) => `${place.line}:${place.column} ${place.call}`),
      ]),
    ).toEqual([
      ['search', ['3:14 isOn']],
      ['headline', ['2:19 isVariant', '3:37 variant']],
    ]);
    expect(hasFindings(found)).toBe(false);
  });

  it('finds experiments that no code uses', () => {
    const found = report(['search:on'], '');
    expect(found.experiments).toEqual([{ name: 'search', places: [] }]);
    expect(hasFindings(found)).toBe(true);
  });

  it('finds unknown names and variants and suggests similar ones', () => {
    const found = report(
      [running],
      "req.isVariant('headline', ['bold', 'bald']); isOn('headlin'); isOn('xyz');",
    );
    expect(found.unknown.map(({ name, variant, meant }) => [name, variant, meant])).toEqual([
      ['headline', 'bald', 'bold'],
      ['headlin', undefined, 'headline'],
      ['xyz', undefined, undefined],
    ]);
    expect(hasFindings(found)).toBe(true);
  });

  it('counts a call with a common name only for known experiments', () => {
    const found = report([running], "map.value('headline'); map.value('size'); variant('x');");
    expect(found.unknown).toEqual([]);
    expect(found.experiments[0]?.places).toHaveLength(1);
  });

  it('lists computed names without calling them a finding', () => {
    const found = report([running], "req.isOn(name); req.variant('headline')");
    expect(found.dynamic.map(({ call, line }) => [call, line])).toEqual([['isOn', 1]]);
    expect(hasFindings(found)).toBe(false);
  });

  it('finds experiments that give everyone one variant', () => {
    const found = report([finished, 'search:on'], "isVariant('button', 'bold'); isOn('search')");
    expect(found.experiments.map(({ stale }) => stale)).toEqual(['everyone gets bold', undefined]);
    expect(hasFindings(found)).toBe(true);
  });

  it('finds experiments from the day after their last day', () => {
    const expiring = { ...running, expires: '2026-11-02' };
    expect(report([expiring], "variant('headline')").experiments[0]?.stale).toBeUndefined();
    expect(report([expiring], "variant('headline')", '2026-11-03').experiments[0]?.stale).toBe(
      'it expired on 2026-11-02',
    );
    expect(report([{ ...finished, expires: '2020-01-01' }], '').experiments[0]?.stale).toBe(
      'everyone gets bold, and it expired on 2020-01-01',
    );
  });
});

describe('placesIn', () => {
  it('counts lines and columns like editors', () => {
    const place = { call: 'isOn', name: 'a', variants: [], certain: true };
    expect(placesIn("\ufeff\r\n  isOn('a')", 'x.ts')).toEqual([
      { ...place, file: 'x.ts', line: 2, column: 8 },
    ]);
    expect(placesIn("<p>\n<%= isOn('a') %>", 'x.ejs')).toEqual([
      { ...place, file: 'x.ejs', line: 2, column: 10 },
    ]);
  });
});
