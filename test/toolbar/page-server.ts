import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TOOLBAR_SCRIPT } from '../../src/toolbar/panel/script.generated.ts';
import { toolbarSheet } from '../../src/toolbar/panel/sheet.ts';

/** A page, or what a request for it answers. */
export interface ServedPage {
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server of pages that were rendered before. */
export interface PageServer {
  readonly url: string;
  /** The pages by their path with its query; a function answers each request anew. */
  readonly pages: Map<string, ServedPage | ((req: IncomingMessage) => ServedPage)>;
  /** The forms that were posted: path and fields. */
  readonly posts: { readonly path: string; readonly fields: Readonly<Record<string, string>> }[];
  /** The violations of policies that browsers have reported to `/report`. */
  readonly reports: string[];
  close(): Promise<void>;
}

const FILES: ReadonlyMap<string, readonly [type: string, text: () => string]> = new Map([
  ['/__evenhand/toolbar.css', ['text/css; charset=utf-8', toolbarSheet]],
  ['/__evenhand/toolbar.js', ['text/javascript; charset=utf-8', () => TOOLBAR_SCRIPT]],
]);

/** Serves pages, the toolbar's style sheet and script, and notes what is posted. */
export async function servePages(): Promise<PageServer> {
  const pages: PageServer['pages'] = new Map();
  const posts: PageServer['posts'] = [];
  const reports: string[] = [];

  const server = createServer((req, res) => {
    void answer(req, res);
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { method = '', url: path = '' } = req;
    if (method === 'POST') {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      if (path === '/report') {
        reports.push(text);
        res.writeHead(204).end();
        return;
      }
      const fields = Object.fromEntries(new URLSearchParams(text));
      posts.push({ path, fields });
      res.writeHead(303, { Location: fields['back'] ?? '/' }).end();
      return;
    }
    const [type, file] = FILES.get(path) ?? [];
    if (type !== undefined && file !== undefined) {
      res.writeHead(200, { 'Content-Type': type }).end(file());
      return;
    }
    const page = pages.get(path);
    const served = typeof page === 'function' ? page(req) : page;
    if (served === undefined) {
      res.writeHead(path === '/favicon.ico' ? 204 : 404).end();
      return;
    }
    res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...served.headers });
    res.end(served.body);
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    pages,
    posts,
    reports,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
