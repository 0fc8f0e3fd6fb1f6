import type { SpecificationText } from '../../../src/changes/find-experiment.ts';
import { partText, versionOf, versionOfText } from '../../../src/dashboard/change/parts.ts';
import { type ChangeRequest, readDocument } from '../../../src/dashboard/change/plan.ts';
import {
  endChange,
  rampChange,
  replaceChange,
  restartChange,
  scheduleChange,
  switchChange,
} from '../../../src/dashboard/change/requests.ts';
import { parseExperiments } from '../../../src/index.ts';
import { SHOP } from '../fixtures/shop-specification.ts';
import { NOW } from '../fixtures/visit.ts';

const TEXT = `${JSON.stringify(SHOP, null, 2)}\n`;

const read = (text: string = TEXT, now = NOW): Promise<SpecificationText> =>
  readDocument({ text }, 'store', now);

/** Returns the lines that a change removes and adds. */
async function linesOf(request: ChangeRequest, text = TEXT): Promise<[string[], string[]]> {
  const after = request.plan(await read(text));
  parseExperiments(JSON.parse(after) as object);
  const [one, other] = [text.split('\n'), after.split('\n')];
  const only = (lines: string[], others: string[]): string[] => {
    const left = [...others];
    return lines.filter((line) => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  return [only(one, other).map((line) => line.trim()), only(other, one).map((line) => line.trim())];
}

describe('changes of a text', () => {
  it('flip a switch in shorthand and touch nothing else', async () => {
    expect(await linesOf(switchChange('free_shipping', 'off', 'all'))).toEqual([
      ['"free_shipping:on",'],
      ['"free_shipping:off",'],
    ]);
  });

  it('ramp a variant with the fewest moves', async () => {
    const ramp = { variant: 'one_page', to: 40, audience: 0, from: [] };
    const [removed, added] = await linesOf(rampChange('checkout_steps', ramp));
    expect(removed).toEqual(['"percent": 25', '"percent": 50']);
    expect(added).toEqual(['"percent": 40', '"percent": 35']);
  });

  it('end an experiment in all audiences, and remove later steps', async () => {
    const after = endChange('price_badge', 'badge').plan(await read());
    const { experiments } = parseExperiments(JSON.parse(after) as object);
    const spec = experiments.find(({ name }) => name === 'price_badge');
    expect(spec?.schedule).toBeUndefined();
    const shown = spec?.audiences.map(({ allocations }) =>
      allocations.filter(({ percent }) => percent > 0),
    );
    expect(shown).toEqual([[{ variant: 'badge', percent: 100 }]]);
  });

  it('change the step of a schedule that is in force', async () => {
    const later = await read(TEXT, Date.parse('2027-02-01T00:00:00Z'));
    const ramp = { variant: 'badge', to: 60, audience: undefined, from: [] };
    const after = JSON.parse(rampChange('price_badge', ramp).plan(later)) as typeof SHOP;
    const [, , , badge] = after.experiments;
    expect(badge.audiences).toEqual(SHOP.experiments[3].audiences);
    expect(badge.schedule[0].audiences[0].allocations).toEqual([
      { variant: 'control', percent: 40 },
      { variant: 'badge', percent: 60 },
    ]);
  });

  it('restart an experiment with another seed', async () => {
    const [removed, added] = await linesOf(restartChange('hero_headline', 'hero 2'));
    expect(removed).toEqual([]);
    expect(added).toEqual(['"seed": "hero 2",']);
  });

  describe('of a schedule', () => {
    const audiences = [{ allocations: [{ variant: 'control', percent: 100 }] }];
    const scheduleOf = async (request: ChangeRequest): Promise<unknown[]> => {
      const after = request.plan(await read());
      const { experiments } = parseExperiments(JSON.parse(after) as object);
      return (experiments.find(({ name }) => name === 'price_badge')?.schedule ?? []).map(
        ({ at }) => at,
      );
    };

    it.each([
      [
        'before the others',
        '2027-01-01T00:00:00Z',
        ['2027-01-01T00:00:00Z', '2027-01-10T09:00:00Z'],
      ],
      [
        'after the others',
        '2027-03-01T00:00:00Z',
        ['2027-01-10T09:00:00Z', '2027-03-01T00:00:00Z'],
      ],
      ['at the same time', '2027-01-10T09:00:00Z', ['2027-01-10T09:00:00Z']],
    ])('add a step %s', async (_, at, expected) => {
      expect(await scheduleOf(scheduleChange('price_badge', at, audiences))).toEqual(expected);
    });

    it('remove the only step with the schedule', async () => {
      const request = scheduleChange('price_badge', '2027-01-10T09:00:00Z', undefined);
      expect(request.plan(await read())).not.toContain('schedule');
    });
  });

  describe('that replace a part', () => {
    const parts = [
      { kind: 'experiment', name: 'hero_headline' },
      { kind: 'experiment', name: 'gift_cards' },
      { kind: 'segment', name: 'paying' },
      { kind: 'holdout', name: 'quarterly' },
    ] as const;

    it.each(parts)(
      'change nothing for the same JSON, and can remove it: $kind $name',
      async (part) => {
        const base = await read();
        const before = partText(base, part);
        const request = replaceChange(part, before);
        expect(request.plan(base)).toBe(TEXT);
        const removed = replaceChange(part, undefined).plan(base);
        expect(removed.length).toBeLessThan(TEXT.length);
        expect(() => JSON.parse(removed) as unknown).not.toThrow();
      },
    );

    it('add a segment to a list of experiments, which becomes an object', async () => {
      const base = await read('["beta:on"]');
      const part = { kind: 'segment', name: 'staff' } as const;
      const text = replaceChange(part, '{"name": "staff", "rule": "user.staff"}').plan(base);
      const snapshot = parseExperiments(JSON.parse(text) as object);
      expect(snapshot.specification.segments?.map(({ name }) => name)).toEqual(['staff']);
      expect(snapshot.has('beta')).toBe(true);
    });

    it('add an experiment at the end', async () => {
      const part = { kind: 'experiment', name: 'new_one' } as const;
      expect(await linesOf(replaceChange(part, '"new_one:off"'))).toEqual([
        ['}'],
        ['},', '"new_one:off"'],
      ]);
    });
  });
});

describe('versionOf', () => {
  const part = { kind: 'experiment', name: 'price_badge' } as const;

  it('is the same for the document and for the experiments in force', async () => {
    for (const now of [NOW, Date.parse('2027-02-01T00:00:00Z')]) {
      const { specification } = await read(TEXT, now);
      const inForce = parseExperiments(SHOP).specification;
      expect(versionOf(specification, part, now)).toBe(versionOf(inForce, part, now));
    }
  });

  it('differs after each change of the part, and only then', async () => {
    const base = await read();
    const after = await read(restartChange('price_badge', 'new').plan(base));
    const version = (document: SpecificationText, name: string): string =>
      versionOf(document.specification, { kind: 'experiment', name }, NOW);
    expect(version(after, 'price_badge')).not.toBe(version(base, 'price_badge'));
    expect(version(after, 'checkout_steps')).toBe(version(base, 'checkout_steps'));
  });

  it('says that there is no such part', async () => {
    const { specification } = await read();
    expect(versionOf(specification, { kind: 'metric', name: '__proto__' }, NOW)).toBe('-');
    expect(versionOfText(undefined)).toBe('-');
  });

  it('of a text does not depend on its formatting', () => {
    expect(versionOfText('{"a": [1,2]}')).toBe(versionOfText('{ "a" : [1, 2] }'));
    expect(versionOfText('{"a": [1,2]}')).not.toBe(versionOfText('{"a": [2,1]}'));
  });
});
