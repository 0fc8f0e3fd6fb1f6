import { findUses } from '../../../src/workbench/usage/find-uses.ts';
import { lexScript } from '../../../src/workbench/usage/lex-script.ts';
import { runs } from '../../runs.ts';

/** Formats uses as `call name variants`, with `?` for a computed name. */
const uses = (source: string) =>
  findUses(lexScript(source)).map(({ call, name = '?', variants }) =>
    [call, name, ...variants].join(' '),
  );

describe('findUses', () => {
  it.each([
    ["req.isVariant('one', 'a')", ['isVariant one a']],
    ['req.isVariant("one", ["a", `b`] as const)', ['isVariant one a b']],
    ["req.isVariant(\n  'one', // which\n  ['a',],\n)", ['isVariant one a']],
    ["req.isVariant('one', wanted)", ['isVariant one']],
    ["req.isVariant('one', x ? 'a' : 'b')", ['isVariant one']],
    ['isOn?.(`one`) || isOff("two")', ['isOn one', 'isOff two']],
    [
      "app.get('/', requireVariant('one', ['a', 'b'], { redirectTo: '/x' }))",
      ['requireVariant one a b'],
    ],
    [
      "requireOn('one'), requireOff('two', { redirectTo: '/' })",
      ['requireOn one', 'requireOff two'],
    ],
    ["req.variant('one') === 'a'", ['variant one']],
    ["participant.value('one').steps", ['value one']],
    ["client.participant(x).explain('one')", ['explain one']],
    ["req.isOn(name), requireVariant(names[0], 'a')", ['isOn ?', 'requireVariant ?']],
    ["req.isOn('a' + b), req.isOn(`a_${b}`)", ['isOn ?', 'isOn ?']],
    [
      "overrideExperiment(request.agent(app), { one: 'a', 'two': 'b' })",
      ['overrideExperiment one a', 'overrideExperiment two b'],
    ],
    [
      "fixedExperiments({ one: { variant: 'a' }, two: 'b' }, file)",
      ['fixedExperiments one', 'fixedExperiments two b'],
    ],
    ['overrideExperiment(agent, variants)', ['overrideExperiment ?']],
    [
      'overrideExperiment(agent, { ...all, [name]: "a" })',
      ['overrideExperiment ?', 'overrideExperiment ?'],
    ],
    ["req.isVariant<'one'>('one', 'a')", ['isVariant one a']],
    ["req.isOn<Names<Array<'x'>, 'y'>>('one')", ['isOn one']],
    ["x = i++ / 2; req.isOn('one') / 3", ['isOn one']],
    ["if (f(x)) /'/.test(y) && req.isOn('one')", ['isOn one']],
    ["f(a) /'/.test(y) && req.isOn('one')", []],
    [String.raw`req.isOn('on\x65')`, ['isOn ?']],
    [String.raw`req.isVariant('one', ['a', '\x62'])`, ['isVariant one a']],
    ["f(req.isOn('one') && `x ${req.isOn('two')}`)", ['isOn one', 'isOn two']],
  ])('finds the uses in %j', (source, found) => {
    expect(uses(source)).toEqual(found);
  });

  it.each([
    "// req.isOn('one')",
    '"req.isOn(\'one\')"',
    "const re = /isOn('one')/",
    'function isOn(name) { return name; }',
    'class A { isOn(name) { return name; } }',
    'interface A { isOn(name: string): boolean; isOff(name: string): boolean }',
    'if (a.isOn < b) { f(c > (d)) }',
    'class A { isOn<N extends string>(name: N): boolean { return true } }',
    'const isOn = x; isOn; req.isOn()',
    'new Map().value(x)',
    "turnsOn('one')",
  ])('finds nothing in %j', (source) => {
    expect(uses(source)).toEqual([]);
  });

  it('is certain only of calls that can only be Evenhand’s', () => {
    const certain = (source: string) => findUses(lexScript(source)).map((use) => use.certain);
    expect(certain("isOn('a'), x.isVariant('a', 'b')")).toEqual([true, true]);
    expect(certain("map.value('a'), variant('a')")).toEqual([false, false]);
    expect(certain("req.variant('a'), req.experiments.value('a')")).toEqual([true, true]);
  });

  it('stops early if brackets are never closed', () => {
    const count = runs(20_000);
    expect(uses('isOn('.repeat(count)).length).toBe(count - 1);
  });
});
