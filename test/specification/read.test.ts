import { SpecError } from '../../src/errors/spec-error.ts';
import {
  contentRevision,
  isOlder,
  readSpecification,
  revisionOf,
  textsRevision,
} from '../../src/specification/read.ts';
import { atOnce } from '../../src/runtime/steps.ts';
import { specificationSteps } from '../../src/specification/specification.ts';
import { thrownBy } from '../assignment/build.ts';

const origin = 'the table';

const readNamed = (data: unknown) => atOnce(readSpecification({ data, origin, named: true }));

const messagesOf = (data: unknown): readonly string[] => {
  const error = thrownBy(() => readNamed(data));
  return error instanceof SpecError ? error.problems.map(({ message }) => message) : [];
};

const namespace = {
  name: 'shop',
  unit: 'user.id',
  segments: 10,
  experiments: [],
  history: [{ add: 'e', segments: 10 }],
};

describe('readSpecification with named entries', () => {
  it('returns the same specification as without names', () => {
    const data = { experiments: ['a:on', 'b:off'] };
    const { rulesOf: _, ...parts } = atOnce(specificationSteps(data, { origin }));
    expect(readNamed(data)).toMatchObject(parts);
  });

  it.each([
    [
      'an experiment',
      ['a:on', { name: 'b' }],
      'experiment "b": the property "identity" is missing',
    ],
    ['an experiment in an object', { experiments: [{ name: 'b' }] }, 'experiment "b": '],
    ['a switch', { experiments: ['a:maybe'] }, 'experiment "a:maybe": '],
    ['a namespace', { experiments: [], namespaces: [namespace] }, 'namespace "shop": '],
    ['a name with control characters', [{ name: 'a\nb' }], String.raw`experiment "a\nb": `],
  ])('puts the name of %s into its problems', (_what, data, message) => {
    const messages = messagesOf(data);
    expect(messages.length).toBeGreaterThan(0);
    for (const one of messages) expect(one).toContain(message.slice(0, message.indexOf(': ')));
    expect(messages[0]).toContain(message);
  });

  it.each([
    ['a value that is not a specification', 7],
    ['an entry without a name', [{}]],
    ['an entry with an invalid name', [{ name: 7 }]],
    ['a bad context', { experiments: [], context: 7 }],
    ['another property', { experiments: [], experiment: [] }],
  ])('does not change the problems of %s', (_what, data) => {
    const error = thrownBy(() => atOnce(specificationSteps(data, { origin }))) as SpecError;
    const named = thrownBy(() => readNamed(data)) as SpecError;
    expect(named).toMatchObject({ code: 'spec', origin, message: error.message });
    expect(named.problems).toEqual(error.problems);
  });
});

describe('revisionOf', () => {
  it('is the revision of the source, if it has one', () => {
    expect(revisionOf({ origin: 'x', text: '[]', revision: 7 })).toBe(7);
    expect(revisionOf({ origin: 'x', data: [], revision: '"etag"' })).toBe('"etag"');
  });

  it('is otherwise a hash of the content, independent of its origin', () => {
    const revision = revisionOf({ origin: 'x', text: '["a:on"]' });
    expect(revision).toMatch(/^[0-9a-f]{16}$/);
    expect(revisionOf({ origin: 'y', text: '["a:on"]' })).toBe(revision);
    expect(revisionOf({ origin: 'y', data: ['a:on'] })).toBe(revision);
    expect(revisionOf({ origin: 'x', text: '["a:off"]' })).not.toBe(revision);
  });

  it('is undefined for data that is not JSON', () => {
    const data: unknown[] = [];
    data.push(data);
    expect(revisionOf({ origin: 'x', data })).toBeUndefined();
    expect(revisionOf({ origin: 'x', data: [1n] })).toBeUndefined();
  });
});

describe('textsRevision', () => {
  it('changes when the texts are divided differently', () => {
    const divided = [
      [['a', '12']],
      [
        ['a', '1'],
        ['b', '2'],
      ],
      [
        ['b', '1'],
        ['a', '2'],
      ],
      [
        ['a', '12'],
        ['b', ''],
      ],
    ].map((texts) => textsRevision(texts.map(([origin = '', text = '']) => ({ origin, text }))));
    expect(new Set(divided).size).toBe(4);
  });
});

describe('contentRevision', () => {
  it('has 16 digits for short and long texts', () => {
    for (const text of ['', 'x'.repeat(3_000_000)]) {
      expect(contentRevision(text)).toMatch(/^[0-9a-f]{16}$/);
    }
  });
});

describe('isOlder', () => {
  it.each([
    [1, 2, true],
    [2, 2, false],
    [3, 2, false],
    ['1', '2', false],
    [1, '2', false],
    [undefined, 2, false],
    [1, undefined, false],
  ])('%p than %p: %p', (revision, than, older) => {
    expect(isOlder(revision, than)).toBe(older);
  });
});
