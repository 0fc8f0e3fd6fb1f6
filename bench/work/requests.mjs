import { IncomingMessage, ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';

/** The headers of a browser, including cookies of other tools. */
const HEADERS = {
  host: 'shop.example',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'accept-language': 'en-US,en;q=0.5',
  'accept-encoding': 'gzip, deflate, br',
  cookie: 'session=s%3Aabc.def; theme=dark; _ga=GA1.1.1234567890.1700000000; consent=yes',
  connection: 'keep-alive',
};

/** A socket that discards written data, or collects it in `kept` while that is set. */
class SwallowingSocket extends Duplex {
  remoteAddress = '203.0.113.7';
  kept;

  constructor() {
    super({ decodeStrings: false });
  }

  _read() {}

  _write(chunk, _encoding, done) {
    this.kept?.push(chunk);
    done();
  }
}

/**
 * Hands requests to an application, one after the other. They are real objects of node:http, without the
 * parser, kernel and client that would hide the cost of the application.
 */
export class Requests {
  #socket = new SwallowingSocket();

  /** Resolves when the application has answered the request of a user. */
  handle(app, user) {
    const req = new IncomingMessage(this.#socket);
    req.method = 'GET';
    req.url = '/';
    req.httpVersion = '1.1';
    req.httpVersionMajor = 1;
    req.httpVersionMinor = 1;
    req.headers = { ...HEADERS };
    // As set by authentication in front of the application.
    req.user = user;
    req.complete = true;
    req.push(null);
    const res = new ServerResponse(req);
    res.assignSocket(this.#socket);
    return new Promise((resolve) => {
      res.once('finish', () => {
        res.detachSocket(this.#socket);
        resolve();
      });
      app(req, res);
    });
  }

  /** Returns the body of the answer. */
  async bodyOf(app, user) {
    const socket = this.#socket;
    socket.kept = [];
    await this.handle(app, user);
    const answer = socket.kept.join('');
    socket.kept = undefined;
    if (!answer.startsWith('HTTP/1.1 200 OK')) throw new Error(answer);
    return answer.slice(answer.indexOf('\r\n\r\n') + 4);
  }
}
