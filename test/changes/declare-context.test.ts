import { declareContext } from '../../src/changes/declare-context.ts';

const CONTEXT = { properties: { country: { type: 'string' } }, required: ['country'] };

describe('declareContext', () => {
  it('makes a list the property experiments of an object', () => {
    expect(declareContext('[\n  "a:on",\n  "b:off"\n]\n', CONTEXT)).toBe(`{
  "context": { "properties": { "country": { "type": "string" } }, "required": ["country"] },
  "experiments": [
    "a:on",
    "b:off"
  ]
}
`);
  });

  it.each([
    [
      'minified',
      '["a:on",{"name":"x"}]',
      '{"context":{"properties":{"country":{"type":"string"}},"required":["country"]},"experiments":["a:on",{"name":"x"}]}',
    ],
    [
      'empty',
      '[]',
      '{\n  "context": { "properties": { "country": { "type": "string" } }, "required": ["country"] },\n  "experiments": []\n}',
    ],
    [
      'with tabs and CR LF',
      '[\r\n\t"a:on"\r\n]\r\n',
      '{\r\n\t"context": { "properties": { "country": { "type": "string" } }, "required": ["country"] },\r\n\t"experiments": [\r\n\t\t"a:on"\r\n\t]\r\n}\r\n',
    ],
    [
      'with a byte order mark',
      '\ufeff["a:on"]',
      '\ufeff{\n  "context": { "properties": { "country": { "type": "string" } }, "required": ["country"] },\n  "experiments": ["a:on"]\n}',
    ],
  ])('keeps the layout of a list that is %s', (_what, text, expected) => {
    expect(declareContext(text, CONTEXT)).toBe(expected);
  });

  it('adds the property before the experiments of an object', () => {
    const text = '{\n    "$schema": "x",\n    "experiments": ["a:on"]\n}\n';
    expect(declareContext(text, CONTEXT)).toBe(
      '{\n    "$schema": "x",\n    "context": { "properties": { "country": { "type": "string" } }, "required": ["country"] },\n    "experiments": ["a:on"]\n}\n',
    );
    expect(declareContext('{"experiments":["a:on",{"name":"x"}],"owner":"me"}', {})).toBe(
      '{"context": {},"experiments":["a:on",{"name":"x"}],"owner":"me"}',
    );
  });

  it('replaces a context that is there', () => {
    const text = '{\n  "context": { "properties": {} },\n  "experiments": []\n}\n';
    expect(JSON.parse(declareContext(text, CONTEXT))).toEqual({
      context: CONTEXT,
      experiments: [],
    });
  });

  it('finds the experiments at the top, not inside', () => {
    const text = '{"owner": "x", "experiments": [{"experiments": 1}]}';
    expect(declareContext(text, {})).toBe(
      '{"owner": "x", "context": {}, "experiments": [{"experiments": 1}]}',
    );
  });
});
