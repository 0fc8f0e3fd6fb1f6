import { StoreError } from '../../errors/store-errors.ts';
import { within } from '../../runtime/within.ts';
import { note } from '../../ui/blocks.ts';
import { linkButton } from '../../ui/controls/buttons.ts';
import { html, type Html } from '../../ui/html.ts';
import type { PageDefinition } from '../frame/page-definition.ts';
import { type Exchange, sendBody, sendData, sendFailure, sendNotFound } from './answers.ts';
import type { Visit } from '../frame/visit.ts';
import type { Notice, Notices } from './notices.ts';

/** The longest time for a page's data, in milliseconds. Stores answer or give up much earlier. */
const DATA_MS = 30_000;

const OK = 200;

/** Answers a request for a page: with its data for scripts, otherwise as HTML. Never rejects. */
export async function answerPage(
  exchange: Exchange,
  page: PageDefinition,
  notices: Notices,
): Promise<void> {
  const { visit, req } = exchange;
  try {
    if (page.right !== undefined && !visit.rights.has(page.right)) {
      await sendNotFound(exchange);
      return;
    }
    const late = () => new StoreError(`the page took longer than ${DATA_MS} ms; try again`);
    const data = await within(page.data(visit), DATA_MS, late);
    if (data === undefined) await sendNotFound(exchange);
    else if (exchange.wantsJson) await sendData(exchange, OK, data);
    else {
      const body = page.render(data, visit);
      const notice = req.method === 'GET' ? notices.take(visit.query.get('notice')) : undefined;
      await sendBody(exchange, OK, body, notice && noticeNote(notice, exchange));
    }
  } catch (thrown) {
    await sendFailure(exchange, `the page ${JSON.stringify(page.path)}`, thrown);
  }
}

function noticeNote({ text, href, undo }: Notice, { visit }: Exchange): Html {
  const proposal =
    href === undefined
      ? ''
      : html`<a href="${href}" referrerpolicy="no-referrer">Open the proposal</a>`;
  const actions = undo === undefined ? [] : [undoButton(undo, visit)];
  return note('good', text, proposal, { actions });
}

function undoButton({ path, kind, name }: NonNullable<Notice['undo']>, { link }: Visit): Html {
  return linkButton('Undo', link(path, { kind, name }), { icon: 'undo' });
}
