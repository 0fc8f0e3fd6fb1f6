import { SpecError } from '../../src/errors/spec-error.ts';
import { parseNamed } from '../../src/specification/parse-named.ts';
import { parseSpecification } from '../../src/specification/specification.ts';
import { thrownBy } from '../assignment/build.ts';

const origin = 'the table';

const messagesOf = (data: unknown): readonly string[] => {
  const error = thrownBy(() => parseNamed(data, { origin }));
  return error instanceof SpecError ? error.problems.map(({ message }) => message) : [];
};

const namespace = {
  name: 'shop',
  unit: 'user.id',
  segments: 10,
  experiments: [],
  history: [{ add: 'e', segments: 10 }],
};

describe('parseNamed', () => {
  it('gives what parseSpecification gives', () => {
    const data = { experiments: ['a:on', 'b:off'] };
    expect(parseNamed(data, { origin })).toEqual(parseSpecification(data, { origin }));
  });

  it.each([
    [
      'an experiment',
      ['a:on', { name: 'b' }],
      'experiment "b": the property "identity" is missing',
    ],
    ['one in an object', { experiments: [{ name: 'b' }] }, 'experiment "b": '],
    ['a switch', { experiments: ['a:maybe'] }, 'experiment "a:maybe": '],
    ['a namespace', { experiments: [], namespaces: [namespace] }, 'namespace "shop": '],
    ['a name with control characters', [{ name: 'a\nb' }], String.raw`experiment "a\nb": `],
  ])('says the name of %s', (_what, data, message) => {
    const messages = messagesOf(data);
    expect(messages.length).toBeGreaterThan(0);
    for (const one of messages) expect(one).toContain(message.slice(0, message.indexOf(': ')));
    expect(messages[0]).toContain(message);
  });

  it.each([
    ['no specification', 7],
    ['an entry without a name', [{}]],
    ['an entry whose name is none', [{ name: 7 }]],
    ['a bad context', { experiments: [], context: 7 }],
    ['another property', { experiments: [], experiment: [] }],
  ])('leaves the problems of %s as they are', (_what, data) => {
    const error = thrownBy(() => parseSpecification(data, { origin })) as SpecError;
    const named = thrownBy(() => parseNamed(data, { origin })) as SpecError;
    expect(named).toMatchObject({ code: 'spec', origin, message: error.message });
    expect(named.problems).toEqual(error.problems);
  });
});
