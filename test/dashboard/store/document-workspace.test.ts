import * as fc from 'fast-check';
import { documentWorkspace } from '../../../src/dashboard/store/document-workspace.ts';
import type {
  PutText,
  SpecificationStore,
} from '../../../src/dashboard/store/specification-store.ts';
import { ConflictError } from '../../../src/errors/store-errors.ts';

const NOW = Date.parse('2026-11-30T14:02:00Z');
const ada = { author: 'ada', reason: 'ticket 7' };

/** A store in memory. */
function memoryStore(first: string) {
  let current = { text: first, revision: 1 };
  const store: SpecificationStore = {
    name: 'memory',
    read: async () => current,
    put: async (text, { expectedRevision }: PutText) => {
      if (expectedRevision !== current.revision) {
        throw new ConflictError('memory', expectedRevision, current.revision);
      }
      current = { text, revision: current.revision + 1 };
      return current.revision;
    },
  };
  return store;
}

const part = (name: string) => ({ kind: 'experiment', name }) as const;

describe('documentWorkspace', () => {
  it('remembers its own writes with author and reason', async () => {
    const workspace = documentWorkspace(memoryStore('["a:on", "b:on"]'), () => NOW);
    const base = await workspace.read();
    await workspace.write({ base, text: '["a:off", "c:on"]', parts: [part('a')] }, ada);
    expect(await workspace.changes()).toEqual([
      {
        revision: 2,
        part: part('a'),
        action: 'changed',
        before: '"a:on"',
        after: '"a:off"',
        author: 'ada',
        reason: 'ticket 7',
        at: '2026-11-30T14:02:00.000Z',
      },
      expect.objectContaining({ part: part('b'), action: 'removed', after: undefined }),
      expect.objectContaining({ part: part('c'), action: 'added', before: undefined }),
    ]);
  });

  it('notices the changes of others when it reads', async () => {
    const store = memoryStore('{"experiments": ["a:on"]}');
    const workspace = documentWorkspace(store, () => NOW);
    await workspace.read();
    const text = '{"segments": [{"name": "paying", "rule": "true"}], "experiments": ["a:on"]}';
    await store.put(text, { expectedRevision: 1 });
    await workspace.read();
    const paying = { kind: 'segment', name: 'paying' } as const;
    expect(await workspace.changes({ part: paying })).toMatchObject([
      { part: paying, action: 'added', author: undefined, at: undefined },
    ]);
    expect(await workspace.changes({ part: part('a') })).toEqual([]);
  });

  it('has the documents that it has seen', async () => {
    const workspace = documentWorkspace(memoryStore('["a:on"]'), () => NOW);
    const base = await workspace.read();
    await workspace.write({ base, text: '["a:off"]', parts: [part('a')] }, ada);
    expect((await workspace.at(1))?.text).toBe('["a:on"]');
    expect((await workspace.at(2))?.text).toBe('["a:off"]');
    expect(await workspace.at(3)).toBeUndefined();
  });

  it('pages through the changes before a revision', async () => {
    const workspace = documentWorkspace(memoryStore('["a:on"]'), () => NOW);
    for (const text of ['["a:off"]', '["a:on"]', '["a:off"]']) {
      await workspace.write({ base: await workspace.read(), text, parts: [part('a')] }, ada);
    }
    expect((await workspace.changes({ limit: 2 })).map(({ revision }) => revision)).toEqual([4, 3]);
    expect((await workspace.changes({ before: 3 })).map(({ revision }) => revision)).toEqual([2]);
  });

  it('rejects with the conflict of the store, and remembers nothing', async () => {
    const workspace = documentWorkspace(memoryStore('["a:on"]'), () => NOW);
    const base = { ...(await workspace.read()), revision: 7 };
    const write = workspace.write({ base, text: '["a:off"]', parts: [part('a')] }, ada);
    await expect(write).rejects.toMatchObject({ code: 'conflict' });
    expect(await workspace.changes()).toEqual([]);
  });

  it.each([
    ['rejects', { read: () => Promise.reject(new Error('connection refused')) }],
    [
      'throws',
      {
        read: () => {
          throw new Error('connection refused');
        },
      },
    ],
    [
      'throws something that is no error',
      {
        read: () => {
          throw 'connection refused';
        },
      },
    ],
    ['returns anything', { read: async () => ({ text: 7 }) }],
    ['has nothing', { read: async () => undefined }],
  ])('rejects with a StoreError if the store %s', async (_, broken) => {
    const store = { ...memoryStore('[]'), ...broken } as unknown as SpecificationStore;
    await expect(documentWorkspace(store, () => NOW).read()).rejects.toMatchObject({
      code: 'store',
      message: expect.stringContaining('memory') as string,
    });
  });

  it('loses no change of several writers', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const order = fc.array(fc.nat(names.length - 1), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(order, async (writers) => {
        const store = memoryStore('[]');
        const workspaces = names.map(() => documentWorkspace(store, () => NOW));
        const write = async (writer: number, turn: number): Promise<void> => {
          const workspace = workspaces[writer];
          if (workspace === undefined) return;
          for (;;) {
            const base = await workspace.read();
            const list = JSON.parse(base.text) as string[];
            const name = `${names[writer]}_${turn}`;
            const edit = {
              base,
              text: JSON.stringify([...list, `${name}:on`]),
              parts: [part(name)],
            };
            try {
              await workspace.write(edit, ada);
              return;
            } catch (error) {
              if (!(error instanceof ConflictError)) throw error;
            }
          }
        };
        await Promise.all(writers.map(write));
        const { text } = (await store.read()) ?? { text: '' };
        expect(JSON.parse(text)).toHaveLength(writers.length);
      }),
    );
  });
});
