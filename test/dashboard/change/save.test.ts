import { versionOf, versionOfText } from '../../../src/dashboard/change/parts.ts';
import { rampChange, replaceChange, switchChange } from '../../../src/dashboard/change/requests.ts';
import { type ChangeForm, saveChange } from '../../../src/dashboard/change/save.ts';
import type { DocumentPart } from '../../../src/dashboard/store/workspace.ts';
import { StoreError } from '../../../src/errors/store-errors.ts';
import { parseExperiments } from '../../../src/index.ts';
import { memoryWorkspace } from '../fixtures/memory-workspace.ts';
import { SHOP } from '../fixtures/shop-specification.ts';
import { NOW, visitOf } from '../fixtures/visit.ts';

const FREE: DocumentPart = { kind: 'experiment', name: 'free_shipping' };
const flip = switchChange('free_shipping', 'off', 'all');

/** A dashboard over a store in memory, which this process uses at once. */
function mounted() {
  const workspace = memoryWorkspace(SHOP);
  const told = jest.fn();
  const inForce = () => parseExperiments(JSON.parse(workspace.document.text) as object);
  return { workspace, told, visit: visitOf({ workspace, board: { told, inForce } }) };
}

const form = (part: DocumentPart, more: Partial<ChangeForm> = {}): ChangeForm => ({
  version: versionOf(parseExperiments(SHOP).specification, part, NOW),
  reason: 'too many orders',
  acceptsHarm: false,
  ...more,
});

describe('saveChange', () => {
  it('writes the change with its author and reason, and tells the application', async () => {
    const { workspace, told, visit } = mounted();
    const outcome = await saveChange(visit, flip, form(FREE));
    expect(outcome).toMatchObject({ kind: 'saved', revision: 2 });
    expect(workspace.written).toMatchObject([
      { author: 'ada', reason: 'too many orders', parts: [FREE], base: { revision: 1 } },
    ]);
    expect(told).toHaveBeenCalledWith(
      expect.objectContaining({
        part: FREE,
        before: '"free_shipping:on"',
        after: '"free_shipping:off"',
        author: 'ada',
        revision: 2,
      }),
    );
  });

  it('writes nothing if the document already is as wanted', async () => {
    const { workspace, visit } = mounted();
    const outcome = await saveChange(visit, switchChange('free_shipping', 'on', 'all'), form(FREE));
    expect(outcome).toEqual({ kind: 'unchanged' });
    expect(workspace.written).toEqual([]);
  });

  it('refuses to undo the change of somebody else, and shows both', async () => {
    const { workspace, visit } = mounted();
    workspace.put(workspace.document.text.replace('free_shipping:on', 'free_shipping:off'));
    const request = switchChange('free_shipping', 'on', 'all');
    const outcome = await saveChange(visit, request, form(FREE));
    expect(outcome).toMatchObject({
      kind: 'conflict',
      theirs: { author: 'bob', reason: 'was faster' },
      preview: { beforeText: '"free_shipping:off"', afterText: '"free_shipping:on"' },
    });
    expect(workspace.written).toEqual([]);
    const { version } = outcome as { version: string };
    expect(await saveChange(visit, request, form(FREE, { version }))).toMatchObject({
      kind: 'saved',
    });
  });

  it('plans again if another part changes at the same moment', async () => {
    const { workspace, visit } = mounted();
    workspace.beforeWrite = () =>
      workspace.put(workspace.document.text.replace('gift_cards:off', 'gift_cards:on'));
    expect(await saveChange(visit, flip, form(FREE))).toMatchObject({ kind: 'saved', revision: 3 });
    expect(workspace.document.text).toContain('"gift_cards:on"');
    expect(workspace.document.text).toContain('"free_shipping:off"');
  });

  it('finds a conflict with a change of the same part at the same moment', async () => {
    const { workspace, visit } = mounted();
    workspace.beforeWrite = () =>
      workspace.put(workspace.document.text.replace('"free_shipping:on",', ''));
    expect(await saveChange(visit, flip, form(FREE))).toMatchObject({ kind: 'conflict' });
    expect(workspace.written).toEqual([]);
  });

  it('asks before people see a different variant', async () => {
    const { workspace, visit } = mounted();
    const part: DocumentPart = { kind: 'experiment', name: 'search_ranking' };
    const request = rampChange('search_ranking', {
      variant: 'margin',
      to: 65,
      audience: undefined,
      from: [],
    });
    expect(await saveChange(visit, request, form(part))).toMatchObject({ kind: 'harmful' });
    expect(workspace.written).toEqual([]);
    const accepted = form(part, { acceptsHarm: true });
    expect(await saveChange(visit, request, accepted)).toMatchObject({ kind: 'saved' });
  });

  it.each([
    ['a reason that is too long', { reason: 'x'.repeat(2001) }, 'The reason has 2001 characters'],
  ])('refuses %s', async (_, more, message) => {
    const { workspace, visit } = mounted();
    const outcome = await saveChange(visit, flip, form(FREE, more));
    expect(outcome).toMatchObject({ kind: 'invalid', problems: [{ field: 'reason' }] });
    expect(JSON.stringify(outcome)).toContain(message);
    expect(workspace.written).toEqual([]);
  });

  it('says why a change can’t be planned', async () => {
    const { visit } = mounted();
    const part: DocumentPart = { kind: 'experiment', name: 'hero_headline' };
    const outcome = await saveChange(visit, switchChange('hero_headline', 'on', 'all'), form(part));
    expect(outcome).toMatchObject({
      kind: 'invalid',
      problems: [{ message: expect.stringContaining('is not a switch') as string }],
    });
  });

  it.each(['read', 'write'] as const)('reports a store that fails to %s', async (method) => {
    const { workspace, visit } = mounted();
    const fails = () => Promise.reject(new StoreError('the disk is full'));
    Object.assign(workspace, { [method]: fails });
    expect(await saveChange(visit, flip, form(FREE))).toEqual({
      kind: 'failed',
      message: 'the disk is full',
    });
  });

  it('does not wait for long until the change is in force', async () => {
    const { visit } = mounted();
    const still = { ...visit, board: { ...visit.board, inForce: () => undefined } };
    expect(await saveChange(still, flip, form(FREE))).toMatchObject({ kind: 'saved' });
  });

  it.each([
    ['a line break', 'one\ntwo'],
    ['an escape', '\u001b[31m'],
    ['a direction mark', 'abc\u202edef'],
    ['half a character', '\ud800'],
  ])('refuses a reason with %s', async (_, reason) => {
    const { workspace, visit } = mounted();
    const outcome = await saveChange(visit, flip, form(FREE, { reason }));
    expect(outcome).toMatchObject({ kind: 'invalid', problems: [{ field: 'reason' }] });
    expect(workspace.written).toEqual([]);
  });

  it.each(['told', 'inForce', 'reload'] as const)(
    'says that it was saved even if %s throws afterwards',
    async (name) => {
      const { workspace, visit } = mounted();
      const broken = () => {
        throw new Error('broken');
      };
      const board = { ...visit.board, [name]: broken };
      const outcome = await saveChange({ ...visit, board }, flip, form(FREE));
      expect(outcome).toMatchObject({ kind: 'saved', revision: 2 });
      expect(workspace.written).toHaveLength(1);
    },
  );

  it('asks before an experiment is removed', async () => {
    const { workspace, visit } = mounted();
    const part: DocumentPart = { kind: 'experiment', name: 'search_ranking' };
    const request = replaceChange(part, undefined);
    expect(await saveChange(visit, request, form(part))).toMatchObject({ kind: 'harmful' });
    expect(workspace.written).toEqual([]);
  });

  it('finds a conflict in the declared context', async () => {
    const context = (type: string) =>
      JSON.stringify({ type: 'object', properties: { locale: { type } } });
    const part: DocumentPart = { kind: 'context', name: 'context' };
    const before = { context: JSON.parse(context('string')) as object, experiments: ['a:on'] };
    const workspace = memoryWorkspace(before);
    const visit = visitOf({ specification: before, workspace });
    workspace.put(JSON.stringify({ ...before, context: JSON.parse(context('number')) as object }));
    const seen = versionOfText(context('string'));
    for (const version of [seen, versionOf(visit.snapshot.specification, part, NOW)]) {
      const request = replaceChange(part, context('boolean'));
      const outcome = await saveChange(visit, request, form(part, { version }));
      expect(outcome.kind).toBe('conflict');
    }
    expect(workspace.written).toEqual([]);
  });
});
