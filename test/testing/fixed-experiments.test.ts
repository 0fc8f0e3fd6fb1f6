import express from 'express';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { createClient, evenhand, settingsSource, type Source } from '../../src/index.ts';
import { fixedExperiments, overrideExperiment } from '../../src/testing/index.ts';

const specification = {
  description: 'For tests.',
  experiments: [
    {
      name: 'button',
      identity: 'user.id',
      seed: 'buttons',
      variants: [{ name: 'plain', value: 1 }, { name: 'bold', value: 2 }, { name: 'round' }],
      audiences: [
        { rule: 'user.id == 1', allocations: [{ variant: 'round', percent: 100 }] },
        {
          allocations: [
            { variant: 'plain', percent: 50 },
            { variant: 'round', percent: 50 },
          ],
        },
      ],
    },
    {
      name: 'price',
      identity: 'user.id',
      variants: [{ name: 'low' }, { name: 'high' }],
      audiences: [
        { rule: 'user.id == 1', allocations: [{ variant: 'high', percent: 100 }] },
        { allocations: [{ variant: 'low', percent: 100 }] },
      ],
    },
    'banner:on',
    'chat:off',
  ],
};

/** Returns the variants for an empty context, in which rules and identities would fail. */
function variantsOf(source: Source, context: object = {}): Record<string, string> {
  return createClient({ source, logger: false }).participant(context).variants();
}

describe('fixedExperiments', () => {
  it('gives everyone the variants, without an identity', () => {
    const client = createClient({ source: fixedExperiments({ button: 'bold', price: 'low' }) });
    for (const context of [{}, { user: { id: 1 } }, { user: null }]) {
      expect(client.participant(context).variants()).toEqual({ button: 'bold', price: 'low' });
    }
  });

  it('gives the variant even to participants who keep another variant of a sticky experiment', () => {
    const [button] = specification.experiments;
    const rest = [{ ...(button as object), sticky: true }];
    const client = createClient({ source: fixedExperiments({ button: 'bold' }, rest) });
    const units = { 'user.id': '7' };
    const assignments = [{ experiment: 'button', seed: 'buttons', variant: 'plain', units }];
    const participant = client.participant({ user: { id: 7 } }, { assignments });
    expect(participant.variant('button')).toBe('bold');
  });

  it('creates a switch for the variants on and off', () => {
    const client = createClient({ source: fixedExperiments({ banner: 'on', chat: 'off' }) });
    const participant = client.participant();
    expect([participant.isOn('banner'), participant.isOff('banner')]).toEqual([true, false]);
    expect([participant.isOn('chat'), participant.isOff('chat')]).toEqual([false, true]);
    expect(client.experiments().experiments[0]?.variants).toEqual([
      { name: 'on' },
      { name: 'off' },
    ]);
  });

  it('gives the variant its value', () => {
    const source = fixedExperiments({
      button: { variant: 'bold', value: { color: '#c00' } },
      banner: { variant: 'on', value: 'Sale' },
      plain: { variant: 'a' },
    });
    const participant = createClient({ source }).participant();
    expect(participant.value('button')).toEqual({ color: '#c00' });
    expect(participant.value('banner')).toBe('Sale');
    expect(participant.value('plain')).toBeUndefined();
  });

  it('contains no other experiments by default', () => {
    const source = fixedExperiments({ button: 'bold' });
    expect(createClient({ source, logger: false }).participant().variant('price')).toBeUndefined();
  });

  it('fixes experiments named like properties of every object', () => {
    const source = fixedExperiments(JSON.parse('{ "__proto__": "a", "constructor": "b" }'));
    const participant = createClient({ source }).participant();
    expect(participant.variant('__proto__')).toBe('a');
    expect(participant.variant('constructor')).toBe('b');
  });

  it('works in an Express application, where overrides win', async () => {
    const app = express();
    app.use(evenhand({ source: fixedExperiments({ button: 'bold', banner: 'on' }) }));
    app.get('/', (req, res) => {
      res.json(req.experiments.variants());
    });
    expect((await request(app).get('/')).body).toEqual({ button: 'bold', banner: 'on' });
    const overridden = await overrideExperiment(request(app).get('/'), { banner: 'off' });
    expect(overridden.body).toEqual({ button: 'bold', banner: 'off' });
  });

  describe('with the rest', () => {
    it('drops the schedule of a fixed experiment, and keeps those of the others', () => {
      const all = (variant: string) => [{ allocations: [{ variant, percent: 100 }] }];
      const step = { at: '2000-01-01T00:00:00Z', audiences: all('low') };
      const [one, other] = ['fixed', 'free'].map((name) => ({
        name,
        identity: 'user.id',
        variants: [{ name: 'low' }, { name: 'high' }],
        audiences: all('high'),
        schedule: [step],
      }));
      const source = fixedExperiments({ fixed: 'high' }, [one, other]);
      expect(variantsOf(source)).toEqual({ fixed: 'high', free: 'low' });
    });

    it('does not change the other experiments', () => {
      const source = fixedExperiments({ button: 'bold' }, specification);
      const others = { banner: 'on', chat: 'off' };
      expect(variantsOf(source, { user: { id: 1 } })).toEqual({
        button: 'bold',
        price: 'high',
        ...others,
      });
      expect(variantsOf(source, { user: { id: 2 } })).toEqual({
        button: 'bold',
        price: 'low',
        ...others,
      });
    });

    it('keeps the order, the other variants and all values', () => {
      const client = createClient({ source: fixedExperiments({ button: 'bold' }, specification) });
      const { experiments } = client.experiments();
      expect(experiments.map(({ name }) => name)).toEqual(['button', 'price', 'banner', 'chat']);
      expect(experiments[0]).toMatchObject({
        identity: 'user.id',
        seed: 'buttons',
        variants: [{ name: 'plain', value: 1 }, { name: 'bold', value: 2 }, { name: 'round' }],
      });
      expect(client.participant().value('button')).toBe(2);
    });

    it('replaces the value if one is given', () => {
      const source = fixedExperiments({ button: { variant: 'bold', value: null } }, specification);
      expect(createClient({ source }).participant().value('button')).toBeNull();
    });

    it('keeps the value if undefined is given', () => {
      const bold = { variant: 'bold', value: undefined } as unknown as { variant: string };
      const source = fixedExperiments({ button: bold }, specification);
      expect(createClient({ source }).participant().value('button')).toBe(2);
    });

    it('keeps the other parts of the specification', () => {
      expect(
        fixedExperiments({ button: 'bold' }, specification).load({
          signal: new AbortController().signal,
        }),
      ).toMatchObject({
        origin: 'config',
        data: { description: 'For tests.' },
      });
    });

    it('fixes switches in the shorthand', () => {
      const source = fixedExperiments(
        { banner: 'off', price: 'low', button: 'plain' },
        specification,
      );
      expect(variantsOf(source)).toEqual({
        button: 'plain',
        price: 'low',
        banner: 'off',
        chat: 'off',
      });
    });

    it('does not change the given specification', () => {
      const copy = structuredClone(specification);
      variantsOf(fixedExperiments({ button: 'bold', banner: 'off', price: 'low' }, copy));
      expect(copy).toEqual(specification);
    });

    it('accepts a list', () => {
      const source = fixedExperiments({ banner: 'off' }, ['banner:on', 'chat:on']);
      expect(variantsOf(source)).toEqual({ banner: 'off', chat: 'on' });
    });

    describe('from a file', () => {
      const directory = mkdtempSync(join(tmpdir(), 'evenhand-'));
      const file = join(directory, 'experiments.json');
      afterAll(() => rmSync(directory, { recursive: true }));

      it('reads the file', () => {
        writeFileSync(file, JSON.stringify(specification));
        const source = fixedExperiments({ price: 'low', button: 'bold' }, file);
        expect(variantsOf(source)).toMatchObject({ button: 'bold', price: 'low', banner: 'on' });
      });

      it('reports the file and the line of a problem', () => {
        writeFileSync(file, '[\n  "banner:on",\n  "banner:of"\n]');
        expect(() => createClient({ source: fixedExperiments({ banner: 'off' }, file) })).toThrow(
          expect.objectContaining({
            code: 'spec',
            message: expect.stringContaining(`${file}:3:3`),
          }),
        );
      });

      it('reports the file and the line of a syntax error', () => {
        writeFileSync(file, '[\n  "banner:on",\n');
        expect(() => createClient({ source: fixedExperiments({ banner: 'off' }, file) })).toThrow(
          expect.objectContaining({ code: 'json', message: expect.stringContaining(file) }),
        );
      });

      it('throws SourceError if the file is missing', () => {
        const source = fixedExperiments({ banner: 'off' }, join(directory, 'none.json'));
        expect(() => createClient({ source })).toThrow(expect.objectContaining({ code: 'source' }));
      });
    });

    it('accepts another source, returns a promise if it does, and closes it', async () => {
      const close = jest.fn();
      const rest: Source = {
        name: 'remote',
        load: () => Promise.resolve({ text: JSON.stringify(specification), origin: 'remote' }),
        close,
      };
      const client = createClient({ source: fixedExperiments({ button: 'round' }, rest) });
      await client.ready();
      expect(client.participant({ user: { id: 2 } }).variants()).toEqual({
        button: 'round',
        price: 'low',
        banner: 'on',
        chat: 'off',
      });
      expect(close).not.toHaveBeenCalled();
      await client.close();
      expect(close).toHaveBeenCalledTimes(1);
    });

    it('follows the source when it is loaded again', () => {
      let state = 'banner:on';
      const rest: Source = {
        name: 'changing',
        load: () => ({ data: [state, 'chat:on'], origin: 'changing' }),
      };
      const source = fixedExperiments({ chat: 'off' }, rest);
      expect(variantsOf(source)).toEqual({ banner: 'on', chat: 'off' });
      state = 'banner:off';
      expect(variantsOf(source)).toEqual({ banner: 'off', chat: 'off' });
    });

    it.each([
      [{ buton: 'bold' }, 'config has no experiment "buton"; did you mean "button"?'],
      [{ zzz: 'bold' }, 'config has no experiment "zzz"; declared: button, price, banner, chat'],
      [
        { button: 'bolt' },
        'experiment "button" of config has no variant "bolt"; did you mean "bold"?',
      ],
      [
        { button: 'zzz' },
        'experiment "button" of config has no variant "zzz"; declared: plain, bold, round',
      ],
      [
        { banner: 'bold' },
        'experiment "banner" of config has no variant "bold"; declared: on, off',
      ],
    ])('throws OptionError if it does not have %j', (experiments, message) => {
      const source = fixedExperiments(experiments, settingsSource(specification));
      expect(() => createClient({ source })).toThrow(
        expect.objectContaining({
          code: 'option',
          message: `fixedExperiments(): ${message}`,
        }),
      );
    });

    it('rejects ready() if another source does not have the experiment', async () => {
      const rest: Source = {
        name: 'remote',
        load: () => Promise.resolve({ data: [], origin: 'remote' }),
      };
      const client = createClient({ source: fixedExperiments({ button: 'bold' }, rest) });
      await expect(client.ready()).rejects.toMatchObject({
        code: 'option',
        message: 'fixedExperiments(): remote has no experiment "button"; declared: none',
      });
    });
  });

  describe('throws OptionError', () => {
    it.each([
      [
        'an experiment’s name that can’t be',
        { 'a-b': 'x' },
        '"a-b" is not the name of an experiment',
      ],
      ['a variant that can’t be', { a: 'x y' }, '"x y" is not the name of a variant'],
      ['no variant', { a: {} }, 'an object is not the name of a variant'],
      ['a variant that is not a string', { a: { variant: 1 } }, '1 is not the name of a variant'],
      ['true, which is not "on"', { a: true }, 'true is not the name of a variant'],
      ['a list', ['a'], 'takes an object of variants by experiment'],
      ['nothing', undefined, 'takes an object of variants by experiment'],
    ])('for %s', (_name, experiments, message) => {
      expect(() => fixedExperiments(experiments as Record<string, string>)).toThrow(
        expect.objectContaining({ code: 'option', message: expect.stringContaining(message) }),
      );
    });

    it('for a rest that is not a source of experiments', () => {
      expect(() => fixedExperiments({ a: 'b' }, 7 as never)).toThrow(
        expect.objectContaining({ code: 'option' }),
      );
    });
  });

  describe('with several files', () => {
    const asking = (name: string, rule: string) => ({
      name,
      identity: 'user.id',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [
        { rule, allocations: [{ variant: 'a', percent: 100 }] },
        { allocations: [{ variant: 'b', percent: 100 }] },
      ],
    });
    const texts = (...files: object[]): Source => ({
      name: 'texts',
      load: () => ({
        origin: 'texts',
        texts: files.map((file, i) => ({ origin: `${i}.json`, text: JSON.stringify(file) })),
      }),
    });

    it('keeps the segments of each, also if their rules differ', () => {
      const segmented = (name: string, rule: string) => ({
        segments: [{ name: 'first', rule }],
        experiments: [asking(name, 'segments.first')],
      });
      const source = texts(segmented('one', 'user.id == 1'), segmented('two', 'user.id == 2'), [
        asking('three', 'True'),
      ]);
      const fixed = fixedExperiments({ three: 'b' }, source);
      expect(variantsOf(fixed, { user: { id: 1 } })).toEqual({ one: 'a', two: 'b', three: 'b' });
      expect(variantsOf(fixed, { user: { id: 2 } })).toEqual({ one: 'b', two: 'a', three: 'b' });
    });

    it('keeps the declared context of each, in which absent optional values are None', () => {
      const declaring = {
        context: {
          properties: {
            user: { properties: { id: { type: 'integer' } } },
            groups: { type: 'array', items: { type: 'string' } },
          },
          required: ['user'],
        },
        experiments: [asking('one', 'groups is None')],
      };
      const source = texts(declaring, [asking('two', 'True')]);
      expect(variantsOf(source, { user: { id: 1 } })).toEqual({ one: 'a', two: 'a' });
      const fixed = fixedExperiments({ two: 'b' }, source);
      expect(variantsOf(fixed, { user: { id: 1 } })).toEqual({ one: 'a', two: 'b' });
    });

    it("keeps a context value named experiments apart from another file's experiments", () => {
      const source = texts([asking('one', 'experiments.two == "x"')], [asking('two', 'True')]);
      const context = { user: { id: 1 }, experiments: { two: 'x' } };
      expect(variantsOf(source, context)).toEqual({ one: 'a', two: 'a' });
      expect(variantsOf(fixedExperiments({ two: 'b' }, source), context)).toEqual({
        one: 'a',
        two: 'b',
      });
    });

    it('refuses a value that is not JSON, and an experiment that no file has', () => {
      const source = texts([asking('one', 'True')], [asking('two', 'True')]);
      const odd = { variant: 'b', value: Number.NaN };
      expect(() => variantsOf(fixedExperiments({ one: odd }, source))).toThrow(
        expect.objectContaining({ code: 'spec' }),
      );
      expect(() => variantsOf(fixedExperiments({ three: 'b' }, source))).toThrow(
        'texts has no experiment "three"',
      );
    });
  });

  it('refuses a value that is not JSON', () => {
    const source = fixedExperiments({ a: { variant: 'x', value: (() => 1) as never } });
    expect(() => createClient({ source })).toThrow(expect.objectContaining({ code: 'spec' }));
  });
});
