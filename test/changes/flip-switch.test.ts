import { flipAudiences, flipEntry, type WrittenSwitch } from '../../src/changes/flip-switch.ts';

const on = (percent: number) => ({ variant: 'on', percent });
const off = (percent: number) => ({ variant: 'off', percent });

const beta: WrittenSwitch = {
  name: 'beta',
  variants: [{ name: 'on' }, { name: 'off' }],
  audiences: [
    { rule: 'user.plan == "pro"', allocations: [on(30), off(70)] },
    { rule: null, allocations: [off(100)] },
  ],
};
const { name, audiences } = beta;
const simple: WrittenSwitch = { ...beta, audiences: audiences.slice(1) };

describe('flipAudiences', () => {
  it('gives everyone in the chosen audience the state and keeps the other state listed', () => {
    expect(flipAudiences(beta, 'on', 0)).toEqual([
      { audience: 0, before: [on(30), off(70)], after: [on(100), off(0)] },
    ]);
  });

  it('flips all audiences if asked to', () => {
    expect(flipAudiences(beta, 'on', 'all').map(({ after }) => after)).toEqual([
      [on(100), off(0)],
      [off(0), on(100)],
    ]);
  });

  it('needs no choice if there is only one audience', () => {
    expect(flipAudiences(simple, 'on', undefined)).toEqual(flipAudiences(simple, 'on', 0));
  });

  it.each([undefined, 2, -1, 0.5])('asks for an audience instead of %j', (reach) => {
    expect(() => flipAudiences(beta, 'on', reach)).toThrow(
      expect.objectContaining({
        code: 'option',
        message:
          '"beta" has 2 audiences; choose one of them, or all\n  user.plan == "pro"\n  everyone else',
      }),
    );
  });

  it('rejects an experiment that is not a switch', () => {
    const variants = [{ name: 'control' }, { name: 'on' }];
    expect(() => flipAudiences({ ...beta, variants }, 'on', 'all')).toThrow(
      expect.objectContaining({
        code: 'option',
        message: '"beta" is not a switch; it has the variants control, on instead of on and off',
      }),
    );
  });
});

describe('flipEntry', () => {
  it('flips a shorthand', () => {
    expect(flipEntry('beta', 'beta:off', 'on', undefined, 0)).toBe('beta:on');
  });

  it('changes the allocations of the chosen audience and nothing else', () => {
    const entry = { ...beta, identity: 'user.id', owner: 'shop' } as never;
    expect(flipEntry(name, entry, 'off', 0, 0)).toEqual({
      ...beta,
      identity: 'user.id',
      owner: 'shop',
      audiences: [{ ...audiences[0], allocations: [on(0), off(100)] }, audiences[1]],
    });
  });

  it('changes the step in force of a schedule', () => {
    const first = { at: '2026-12-01T09:00:00Z', audiences: [{ allocations: [on(100), off(0)] }] };
    const second = { ...first, at: '2026-12-08T09:00:00Z' };
    const entry = { ...beta, schedule: [first, second] } as never;
    const flipped = flipEntry(name, entry, 'off', undefined, Date.parse(first.at));
    expect(flipped).toEqual({
      ...beta,
      schedule: [{ ...first, audiences: [{ allocations: [on(0), off(100)] }] }, second],
    });
    const before = flipEntry(name, entry, 'off', 'all', Date.parse(first.at) - 1);
    expect(before).toMatchObject({ schedule: [first, second] });
    expect(before).not.toMatchObject({ audiences });
  });
});
