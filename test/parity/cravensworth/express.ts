import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { closing } from '../../closing.ts';
import type { RawAnswer } from '../../http/raw-server.ts';
import type { Case } from './case.ts';
import { expressApp } from './express-app.ts';
import { RawClient } from './raw-client.ts';
import { headersOf, type Visitor } from './visitors.ts';

/** The longest header that is accepted, in bytes; Django accepts as much. */
const MAX_HEADER_SIZE = 65_536;

/** The Express application with Evenhand. */
export class ExpressSide {
  private readonly server: Server;
  private app: (Express & { close: () => Promise<void> }) | undefined;
  private client: RawClient | undefined;
  private current: Case | undefined;

  constructor() {
    this.server = closing(
      createServer({ maxHeaderSize: MAX_HEADER_SIZE, keepAliveTimeout: 0 }, (req, res) =>
        this.app?.(req, res),
      ),
    );
  }

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.client = new RawClient((this.server.address() as AddressInfo).port);
  }

  /**
   * Makes it answer by a case from now on.
   *
   * @throws SpecError for an invalid specification
   */
  async use(next: Case): Promise<void> {
    if (this.current === next) return;
    await this.app?.close();
    this.app = undefined;
    this.app = expressApp(next);
    this.current = next;
  }

  ask(path: string, visitor: Visitor, lines: readonly string[] = []): Promise<RawAnswer> {
    if (this.client === undefined) throw new Error('Express has not started');
    return this.client.ask(path, [...headersOf(visitor), ...lines]);
  }
}
