import {
  createProbe,
  generateUnits,
  MAX_UNITS,
} from '../../../../src/workbench/simulate/input/generated-units.ts';

describe('generateUnits', () => {
  it('numbers the ids of the first identity from 0', () => {
    const units = generateUnits(['user.id'], {});
    expect(units.at(0)).toEqual({ user: { id: 0 } });
    expect(units.at(7)).toEqual({ user: { id: 7 } });
  });

  it('gives each identity separate ids, and anonymous a tracking key', () => {
    const units = generateUnits(['user.id', 'anonymous', 'user.team.id'], {});
    expect(units.at(255)).toEqual({
      user: { id: 255, team: { id: 2 * MAX_UNITS + 255 } },
      anonymous: '000000000000000000000000000000ff',
    });
  });

  it('adds the identities to the shared values', () => {
    const base = { country: 'DE', user: { plan: 'pro', id: 'given' } };
    expect(generateUnits(['user.id'], base).at(1)).toEqual({
      country: 'DE',
      user: { plan: 'pro', id: 1 },
    });
    expect(base.user.id).toBe('given');
  });

  it('never writes to a prototype, whatever the identity’s name', () => {
    const units = generateUnits(['__proto__.id', 'constructor.prototype.x', '__proto__'], {});
    const context = units.at(3);
    expect(Object.hasOwn(Object.getPrototypeOf(context) as object, 'id')).toBe(false);
    expect(Reflect.get({}, 'id')).toBeUndefined();
    expect(Reflect.get({}, 'x')).toBeUndefined();
    expect(Object.getOwnPropertyDescriptor(context, '__proto__')?.value).toEqual({ id: 3 });
  });

  it('leaves out an identity that is the parent of another', () => {
    expect(generateUnits(['user', 'user.id'], {}).at(4)).toEqual({
      user: { id: MAX_UNITS + 4 },
    });
  });
});

describe('createProbe', () => {
  it('detects reads of identities', () => {
    const probe = createProbe(['user.id'], { country: 'DE' });
    expect(Reflect.get(probe.context, 'country')).toBe('DE');
    const user: unknown = Reflect.get(probe.context, 'user');
    expect(probe.wasRead()).toBe(false);
    expect(user).toHaveProperty('id', 0);
    expect(probe.wasRead()).toBe(true);
    expect(probe.wasRead()).toBe(false);
  });
});
