import { renderShell } from '../../../src/dashboard/frame/shell.ts';
import { SpecError } from '../../../src/errors/spec-error.ts';
import { html } from '../../../src/ui/html.ts';
import { HOSTILE } from '../../ui/gallery/gallery.ts';
import { NOW, visitOf } from '../fixtures/visit.ts';

const body = { title: 'Experiments', body: html`<p>content</p>` };

const render = (parts: Parameters<typeof visitOf>[0] = {}, page = body): string =>
  renderShell(page, visitOf(parts), 'experiments', { head: html`` });

/** The text of a page without its elements. */
const textOf = (page: string): string => page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

it('shows the application, its environment, the source and the visitor', () => {
  expect(textOf(render())).toContain('Evenhand / shop test PostgreSQL, revision 418');
  expect(textOf(render())).toContain('ada');
});

it('counts experiments, switches, and what can be cleaned up', () => {
  expect(textOf(render())).toMatch(/Experiments 6 Switches 4 History Clean up 2 Try a user/);
});

it('counts anew on the next day', () => {
  const snapshot = visitOf().snapshot;
  expect(textOf(render({ snapshot }))).toContain('Clean up 2');
  const before = Date.parse('2026-10-30T00:00:00Z');
  expect(textOf(render({ snapshot, now: before }))).toContain('Clean up 1');
});

it('says since when the source has not responded, and what is used', () => {
  const problemSince = '2026-11-30T13:55:00.000Z';
  const snapshot = visitOf().snapshot;
  const page = textOf(render({ snapshot, status: { state: 'stale', problemSince } }));
  expect(page).toContain('PostgreSQL has not responded since 13:55; still using revision 418');
});

it('says since when the source has been invalid', () => {
  const problemSince = '2026-11-30T13:55:00.000Z';
  const problem = new SpecError('spec', 'experiments.config.json', []);
  const page = textOf(render({ status: { problem, problemSince } }));
  expect(page).toContain('PostgreSQL has been invalid since 13:55; still using revision 418');
});

it('writes the date of a problem that began on another day', () => {
  const page = render({ status: { problemSince: '2026-11-28T23:59:00.000Z' } });
  expect(textOf(page)).toContain('has not responded since 28 Nov 2026, 23:59 UTC');
});

it('uses the last confirmation of a source that is stale without a problem', () => {
  const page = render({ status: { state: 'stale', ageMs: 180_000 } });
  expect(textOf(page)).toContain('has not responded since 13:59');
});

it('names the source of a dashboard that only reads', () => {
  const page = textOf(render({ workspace: null }));
  expect(page).toContain('file');
  expect(page).not.toContain('ada');
});

it('links relative to the page', () => {
  expect(render({ path: '/' })).toContain('href="./switches"');
  expect(render({ path: '/experiments/checkout_steps' })).toContain('href="../switches"');
  expect(render({ path: '/experiments/checkout_steps/' })).toContain('href="../../switches"');
});

it('marks the current tab and no other', () => {
  expect(render().match(/aria-current="page"/g)).toHaveLength(1);
});

it('keeps markup in all texts a text', () => {
  const page = renderShell(
    { ...body, title: HOSTILE, lead: HOSTILE, crumbs: [{ text: HOSTILE, href: HOSTILE }] },
    visitOf({ now: NOW, query: { q: HOSTILE }, board: { name: HOSTILE, environment: HOSTILE } }),
    'experiments',
    { head: html`` },
  );
  expect(page).not.toMatch(/<script|<b style/);
  expect(page).not.toContain('\u202e');
});
