import { createServer } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import cookieParser from 'cookie-parser';
import express5, { type Express, type Request, type RequestHandler, type Response } from 'express';
import * as fc from 'fast-check';
import request from 'supertest';
import { fieldOf, type FormBody, type FormLimits, readForm } from '../../src/web/form-body.ts';
import { closing } from '../closing.ts';
import { versions } from '../express/harness.ts';
import { runs } from '../runs.ts';

const FORM = 'application/x-www-form-urlencoded';

/** An application that answers the form it reads as JSON, after other handlers. */
function formApp(
  express: typeof express5,
  limits: Partial<FormLimits> = {},
  ...before: RequestHandler[]
): Express {
  const app = express();
  for (const handler of before) app.use(handler);
  const answer = async (req: Request, res: Response): Promise<void> => {
    const form = await readForm(req, { maxBytes: 1000, ...limits });
    if (form !== undefined) res.json('fields' in form ? [...form.fields] : form.problem.status);
  };
  app.post('/', (req, res) => void answer(req, res));
  return app;
}

/** Returns what the application reads from a form. */
async function read(app: Express, form: string, type = FORM): Promise<unknown> {
  const { body } = await request(app).post('/').set('Content-Type', type).send(form);
  return body;
}

describe.each(versions)('readForm on Express $version', ({ express }) => {
  it('reads fields in order, with all their values', async () => {
    expect(await read(formApp(express), 'a=1&b=x+y%26%C3%A4&a=2&c&=d&e=f=g&&')).toEqual([
      ['a', ['1', '2']],
      ['b', ['x y&ä']],
      ['c', ['']],
      ['', ['d']],
      ['e', ['f=g']],
    ]);
    expect(await read(formApp(express), '__proto__=x&constructor=y')).toEqual([
      ['__proto__', ['x']],
      ['constructor', ['y']],
    ]);
    expect(await read(formApp(express), '')).toEqual([]);
  });

  it.each<[string, RequestHandler[]]>([
    ['urlencoded()', [express.urlencoded({ extended: false })]],
    ['urlencoded() with nested fields', [express.urlencoded({ extended: true })]],
    ['text()', [express.text({ type: FORM })]],
    ['raw()', [express.raw({ type: FORM })]],
    ['json(), which leaves the body', [express.json()]],
    ['cookie-parser', [cookieParser()]],
    [
      'two parsers',
      [express.urlencoded({ extended: false }), express.urlencoded({ extended: false })],
    ],
  ])('reads what %s left', async (_what, before) => {
    const app = formApp(express, {}, ...before);
    expect(await read(app, 'a=1&b=x+y%C3%A4&a=2')).toEqual([
      ['a', ['1', '2']],
      ['b', ['x yä']],
    ]);
  });

  it('ignores what is not a text in the body of a parser', async () => {
    const app = formApp(express, {}, express.urlencoded({ extended: true }));
    expect(await read(app, 'a[b]=1&c=2&d[]=3&d[]=4')).toEqual([
      ['c', ['2']],
      ['d', ['3', '4']],
    ]);
  });

  it.each<[string, unknown]>([
    ['a number', 1],
    ['null', null],
    ['a list', ['a=1']],
  ])('reads the stream if the body is %s', async (_what, body) => {
    const put: RequestHandler = (req, _res, next) => {
      req.body = body;
      next();
    };
    expect(await read(formApp(express, {}, put), 'a=1')).toEqual([['a', ['1']]]);
  });

  it('has no fields if another handler has read the stream', async () => {
    const drain: RequestHandler = (req, _res, next) => {
      req.resume().on('end', next);
    };
    expect(await read(formApp(express, {}, drain), 'a=1')).toEqual([]);
  });

  it('reports a body that can not be read as a bad form', async () => {
    const put: RequestHandler = (req, _res, next) => {
      req.body = new Proxy(
        {},
        {
          ownKeys() {
            throw new Error('never read');
          },
        },
      );
      next();
    };
    expect(await read(formApp(express, {}, put), 'a=1')).toBe(400);
  });

  it('counts the bytes and fields of a parser too', async () => {
    for (const parser of [express.urlencoded({ extended: false }), express.text({ type: FORM })]) {
      const app = formApp(express, { maxBytes: 20, maxFields: 2 }, parser);
      expect(await read(app, 'a=1&a=2')).toEqual([['a', ['1', '2']]]);
      expect(await read(app, 'a=1&a=2&a=3')).toBe(400);
      expect(await read(app, 'a=1234567890&b=1234567890')).toBe(413);
    }
  });

  it('reads up to the limits', async () => {
    const app = formApp(express, { maxBytes: 10, maxFields: 2 });
    expect(await read(app, 'a=12345678')).toEqual([['a', ['12345678']]]);
    expect(await read(app, 'a=123456789')).toBe(413);
    expect(await read(app, 'a&b')).toHaveLength(2);
    expect(await read(app, 'a&b&c')).toBe(400);
  });

  it.each(['%', '%2', '%zz', '%ff', '%c3', '%ed%a0%80', 'a=%'])('rejects %j', async (form) => {
    expect(await read(formApp(express), form)).toBe(400);
  });

  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded-not', 415],
    [`${FORM}, ${FORM}`, 415],
    [`${FORM}; charset=latin1`, 415],
    [`${FORM}; charset=utf-8`, [['a', ['1']]]],
    [`${FORM} ; x=y ; CHARSET="utf-8"`, [['a', ['1']]]],
  ])('reads the type %j as %j', async (type, expected) => {
    expect(await read(formApp(express), 'a=1', type)).toEqual(expected);
  });

  it('rejects compressed forms', async () => {
    const agent = request(formApp(express)).post('/').set('Content-Type', FORM);
    expect((await agent.set('Content-Encoding', 'gzip').send('a=1')).body).toBe(415);
  });

  /** Sends bytes in turn to an application, and returns what it has read. */
  async function trickle(
    limits: Partial<FormLimits>,
    parts: readonly string[],
    end: (socket: ReturnType<typeof connect>) => void = () => {},
  ): Promise<FormBody> {
    const app = express();
    const done = new Promise<FormBody>((resolve) => {
      app.post('/', (req) => resolve(readForm(req, { maxBytes: 1000, ...limits })));
    });
    const server = closing(createServer(app).listen(0, '127.0.0.1'));
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {});
    const head = ['POST / HTTP/1.1', 'Host: x', `Content-Type: ${FORM}`];
    socket.write([...head, 'Transfer-Encoding: chunked', '', ''].join('\r\n'));
    for (const part of parts) {
      await new Promise((next) => {
        setTimeout(next, 5);
      });
      socket.write(`${part.length.toString(16)}\r\n${part}\r\n`);
    }
    end(socket);
    const form = await done;
    socket.destroy();
    return form;
  }

  it('joins a form that arrives in pieces, also inside a character', async () => {
    const form = await trickle({}, ['a=%C', '3%A4&', 'b=2'], (socket) => socket.write('0\r\n\r\n'));
    expect(form).toEqual({
      fields: new Map([
        ['a', ['ä']],
        ['b', ['2']],
      ]),
    });
  });

  it('stops at the limit, although more is to come', async () => {
    const form = await trickle({ maxBytes: 10 }, ['a=12345', '6789012345']);
    expect(form).toMatchObject({ problem: { status: 413 } });
  });

  it('stops waiting in time', async () => {
    expect(await trickle({ timeoutMs: 50 }, ['a=1'])).toMatchObject({ problem: { status: 408 } });
  });

  it('returns nothing if the visitor leaves', async () => {
    expect(await trickle({}, ['a=1'], (socket) => socket.destroy())).toBeUndefined();
    expect(await trickle({}, ['a=1'], (socket) => socket.resetAndDestroy())).toBeUndefined();
  });
});

describe('readForm', () => {
  it('reads what URLSearchParams writes', async () => {
    const app = formApp(express5, { maxBytes: 100_000 });
    const pair = fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }));
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { maxLength: 10 }), async (pairs) => {
        const params = new URLSearchParams(pairs);
        const fields = await read(app, params.toString());
        const expected = [...new Set(params.keys())].map((name) => [name, params.getAll(name)]);
        expect(fields).toEqual(expected);
      }),
      { numRuns: runs(200) },
    );
  });

  it('reports a request without a stream as a bad form', async () => {
    const headers = { 'content-type': FORM };
    expect(await readForm({ headers } as Request, { maxBytes: 10 })).toMatchObject({
      problem: { status: 400 },
    });
    expect(await readForm({} as Request, { maxBytes: 10 })).toMatchObject({
      problem: { status: 400 },
    });
  });
});

describe('fieldOf', () => {
  it('returns the last value of a field', () => {
    const fields = new Map([['a', ['1', '2']]]);
    expect([fieldOf(fields, 'a'), fieldOf(fields, 'b')]).toEqual(['2', undefined]);
  });
});
