import {
  createProbe,
  generateUnits,
  MAX_UNITS,
} from '../../../../src/workbench/simulate/input/generated-units.ts';

describe('generateUnits', () => {
  it('counts the ids of the first identity from 0', () => {
    const units = generateUnits(['user.id'], {});
    expect(units.at(0)).toEqual({ user: { id: 0 } });
    expect(units.at(7)).toEqual({ user: { id: 7 } });
  });

  it('gives each identity ids of its own, and anonymous a key like the cookie’s', () => {
    const units = generateUnits(['user.id', 'anonymous', 'user.team.id'], {});
    expect(units.at(255)).toEqual({
      user: { id: 255, team: { id: 2 * MAX_UNITS + 255 } },
      anonymous: '000000000000000000000000000000ff',
    });
  });

  it('adds the identities to what all units share', () => {
    const base = { country: 'DE', user: { plan: 'pro', id: 'given' } };
    expect(generateUnits(['user.id'], base).at(1)).toEqual({
      country: 'DE',
      user: { plan: 'pro', id: 1 },
    });
    expect(base.user.id).toBe('given');
  });

  it('writes to no prototype, whatever an identity is called', () => {
    const units = generateUnits(['__proto__.id', 'constructor.prototype.x', '__proto__'], {});
    const context = units.at(3);
    expect(Object.hasOwn(Object.getPrototypeOf(context) as object, 'id')).toBe(false);
    expect(Reflect.get({}, 'id')).toBeUndefined();
    expect(Reflect.get({}, 'x')).toBeUndefined();
    expect(Object.getOwnPropertyDescriptor(context, '__proto__')?.value).toEqual({ id: 3 });
  });

  it('leaves out an identity that is also the beginning of another', () => {
    expect(generateUnits(['user', 'user.id'], {}).at(4)).toEqual({
      user: { id: MAX_UNITS + 4 },
    });
  });
});

describe('createProbe', () => {
  it('tells whether an identity was read', () => {
    const probe = createProbe(['user.id'], { country: 'DE' });
    expect(Reflect.get(probe.context, 'country')).toBe('DE');
    const user: unknown = Reflect.get(probe.context, 'user');
    expect(probe.wasRead()).toBe(false);
    expect(user).toHaveProperty('id', 0);
    expect(probe.wasRead()).toBe(true);
    expect(probe.wasRead()).toBe(false);
  });
});
