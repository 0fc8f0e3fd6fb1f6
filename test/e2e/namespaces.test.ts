import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertAppended, parseExperiments } from 'evenhand';
import { ROOT, serve, type Server } from './child.ts';
import { Visitor } from './visitor.ts';

const USERS = Array.from({ length: 60 }, (_, i) => i + 1);

interface Config {
  readonly experiments: readonly unknown[];
  readonly namespaces: readonly { readonly history: readonly object[] }[];
}

const config = JSON.parse(
  readFileSync(join(ROOT, 'examples/namespaces/experiments.config.json'), 'utf8'),
) as Config;

/** Returns the specification with the first lines of its history. */
function earlier(lines: number): Config {
  return {
    experiments: [],
    namespaces: config.namespaces.map((one) => ({ ...one, history: one.history.slice(0, lines) })),
  };
}

/** Returns each user's experiment and parameters in a specification. */
function checkouts(specification: Config) {
  const snapshot = parseExperiments(specification);
  return USERS.map((user) => {
    const context = { user: { id: String(user) }, locale: 'en' };
    const space = snapshot.participant(context).namespace('checkout');
    return { experiment: space.experiment, params: space.getParams() };
  });
}

describe('examples/namespaces', () => {
  let server: Server;
  beforeAll(async () => {
    server = await serve('examples/namespaces/server.js');
  });
  afterAll(() => server.stop());

  it.each([
    [1, '<button style="color: gray">Buy</button>\n'],
    [2, '<button style="color: gray">Buy, please</button>\n'],
    [4, '<button style="color: red">Buy</button>\n'],
    [8, '<button style="color: red">Buy now</button>\n'],
  ])('shows user %i %s', async (user, page) => {
    const visitor = new Visitor(server.url);
    for (let visit = 0; visit < 2; visit++) {
      expect(await visitor.get(`/?user=${user}`)).toMatchObject({ status: 200, text: page });
    }
  });

  it('explains the decision', async () => {
    const answer = await new Visitor(server.url).get('/why?user=4');
    expect(JSON.parse(answer.text)).toEqual({
      namespace: 'checkout',
      unit: { paths: ['user.id'], text: '4' },
      segment: 792,
      experiment: 'colors',
      salt: 'checkout.colors',
      inExperiment: true,
      params: { button_text: 'Buy', button_color: 'red', variant: 'loud' },
    });
  });

  it('excludes users whom the script excludes', async () => {
    const { text } = await new Visitor(server.url).get('/why?user=2&locale=de');
    expect(JSON.parse(text)).toMatchObject({
      experiment: 'polite',
      inExperiment: false,
      params: { button_text: 'Buy', button_color: 'gray' },
    });
  });

  it('gives the same answers as the library without HTTP', async () => {
    const visitor = new Visitor(server.url);
    for (const [i, { experiment, params }] of checkouts(config).entries()) {
      const { text } = await visitor.get(`/why?user=${USERS[i]}`);
      expect(JSON.parse(text)).toMatchObject({ params, ...(experiment && { experiment }) });
    }
  });

  it('sets no cookie and no Vary, because users are identified by the URL', async () => {
    const { headers } = await new Visitor(server.url).get('/?user=1');
    expect([headers.get('vary'), headers.getSetCookie()]).toEqual([null, []]);
  });

  it('has a history that moves only users of removed experiments', () => {
    const lines = config.namespaces[0]?.history ?? [];
    expect(lines).toHaveLength(4);
    for (let count = 1; count <= lines.length; count++) {
      const [before, after] = [earlier(count - 1), earlier(count)];
      expect(() => assertAppended(before, after)).not.toThrow();
      const line = lines[count - 1];
      const removed = line && 'remove' in line ? line.remove : undefined;
      const now = checkouts(after);
      checkouts(before).forEach((was, i) => {
        const ended = was.experiment === undefined || was.experiment === removed;
        expect(ended ? was : now[i]).toEqual(was);
      });
    }
    expect(new Set(checkouts(config).map(({ experiment }) => experiment))).toEqual(
      new Set(['colors', 'polite', undefined]),
    );
  });

  it('moves users if a line is inserted', () => {
    const [one] = config.namespaces;
    const history = [{ add: 'colors', segments: 10 }, ...(one?.history ?? [])];
    const inserted = { experiments: [], namespaces: [{ ...one, history: history.slice(0, 2) }] };
    expect(() => assertAppended(earlier(1), inserted)).toThrow(
      'line 1 of the history was inserted',
    );
  });
});
