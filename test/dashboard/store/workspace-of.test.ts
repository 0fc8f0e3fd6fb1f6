import { workspaceOf } from '../../../src/dashboard/store/workspace-of.ts';
import { memoryWorkspace } from '../fixtures/memory-workspace.ts';

const endless = () => new Promise<never>(() => {});
const part = { kind: 'experiment', name: 'a' } as const;
const LIMITS = { readMs: 20, writeMs: 20 };

describe('a workspace of the application', () => {
  const workspace = (more: object) =>
    workspaceOf({ ...memoryWorkspace(['a:on']), ...more }, Date.now, LIMITS);

  it('keeps its name, its history and its answers', async () => {
    const one = workspace({});
    expect([one.name, one.history]).toEqual(['memory', 'all']);
    expect(await one.read()).toMatchObject({ revision: 1 });
  });

  it.each([
    ['read', (one: ReturnType<typeof workspace>) => one.read()],
    ['changes', (one: ReturnType<typeof workspace>) => one.changes()],
    ['at', (one: ReturnType<typeof workspace>) => one.at(1)],
    [
      'write',
      (one: ReturnType<typeof workspace>) =>
        one.write(
          { base: { text: '[]', revision: 1 }, text: '[]', parts: [part] },
          { author: 'ada', reason: '' },
        ),
    ],
  ])('is not awaited for ever: %s()', async (name, call) => {
    const promise = call(workspace({ [name]: endless }));
    await expect(promise).rejects.toMatchObject({
      code: 'store',
      message: expect.stringContaining('memory has not answered') as string,
    });
  });

  it('rejects with a StoreError for whatever it throws', async () => {
    const broken = workspace({
      read: () => {
        throw new Error('connection refused');
      },
    });
    await expect(broken.read()).rejects.toMatchObject({
      code: 'store',
      message: 'memory: connection refused',
    });
  });
});
