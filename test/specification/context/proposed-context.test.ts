import { proposedContext } from '../../../src/specification/context/proposed-context.ts';
import { readContext } from '../../../src/specification/context/context-schema.ts';
import { ContextShape } from '../../../src/specification/context/shape.ts';

function proposedFor(...contexts: readonly object[]) {
  const shape = new ContextShape();
  for (const context of contexts) shape.add(context);
  return proposedContext(shape);
}

describe('proposedContext', () => {
  it('leaves out the names that every declared context has', () => {
    const user = { id: 1, plan: 'pro', is_authenticated: true, is_anonymous: false };
    expect(proposedFor({ anonymous: 'e0ac2d', user })).toEqual({
      properties: {
        user: {
          type: 'object',
          properties: { id: { type: 'number' }, plan: { type: 'string' } },
          required: ['id', 'plan'],
        },
      },
      required: ['user'],
    });
  });

  it('keeps flags of other types', () => {
    const { properties } = proposedFor({ anonymous: 5, user: { is_authenticated: 'yes' } });
    expect(properties).toEqual({
      user: {
        type: 'object',
        properties: { is_authenticated: { type: 'string' } },
        required: ['is_authenticated'],
      },
    });
  });

  it('marks what is sometimes absent or null', () => {
    const schema = proposedFor({ a: 1, b: null }, { b: 'x' });
    expect(schema).toEqual({
      properties: { a: { type: 'number' }, b: { type: ['null', 'string'] } },
      required: ['b'],
    });
  });

  it('is a declared context without problems', () => {
    const schema = proposedFor(
      { list: [1, 'a', null], map: { 12345678: 1 }, date: new Date(), nested: { deep: { x: 1 } } },
      {},
      { user: { is_authenticated: false, id: null } },
    );
    expect(readContext(schema, '/context').findings).toEqual([]);
    expect(readContext(proposedFor({}), '/context').findings).toEqual([]);
  });
});
