import { createClient, type Source } from 'evenhand';

/** A source as a class, whose parts are getters of its prototype. */
class Delivery {
  get origin(): string {
    return 'class';
  }
  get text(): string {
    return '["search:on"]';
  }
}

const deliveries = {
  data: { origin: 'table', data: ['search:on'] },
  text: { origin: 'file', text: '["search:on"]' },
  texts: { origin: 'files', texts: [{ origin: 'file', text: '["search:on"]' }] },
  'an instance of a class': new Delivery(),
} as const;

const polluted = ['text', 'texts', 'data'] as const;

afterEach(() => {
  for (const name of polluted) Reflect.deleteProperty(Object.prototype, name);
});

describe.each(Object.entries(deliveries))('a delivery of %s', (_what, delivery) => {
  it.each(polluted)('is read as it is although Object.prototype has "%s"', (name) => {
    const source: Source = { name: 'mine', load: () => delivery };
    const value = name === 'texts' ? [] : '[]';
    Reflect.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
    const client = createClient({ source, logger: false });
    expect(client.participant().isOn('search')).toBe(true);
  });
});
