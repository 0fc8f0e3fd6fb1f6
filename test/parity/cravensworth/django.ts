import { join } from 'node:path';
import type { RawAnswer } from '../../http/raw-server.ts';
import { LinePeer } from '../environment/line-peer.ts';
import { ADDRESSES, BY_KEY, type Case } from './case.ts';
import { RawClient } from './raw-client.ts';
import { headersOf, type Visitor } from './visitors.ts';

/** The Django application with Cravensworth, in its own process. */
export class Django {
  private readonly peer = new LinePeer(join(__dirname, 'django_app.py'));
  private client: RawClient | undefined;
  private current: Case | undefined;

  async start(): Promise<void> {
    this.client = new RawClient((await this.peer.ask(null)) as number);
  }

  /** Makes it answer by a case from now on. */
  async use(next: Case): Promise<void> {
    if (this.current === next) return;
    this.current = next;
    const ips = ADDRESSES[next.overriding];
    await this.peer.ask({
      settings: {
        EXPERIMENTS: [...next.experiments, BY_KEY],
        OVERRIDE_COOKIE: next.overrideCookie,
        TRACKING_COOKIE: next.trackingCookie,
        ...(ips !== undefined && { ENABLED_IPS: ips }),
      },
      draws: next.draws,
      asked: { questions: next.questions, guards: next.guards, page: next.page },
    });
  }

  ask(path: string, visitor: Visitor, lines: readonly string[] = []): Promise<RawAnswer> {
    if (this.client === undefined) throw new Error('Django has not started');
    return this.client.ask(path, [...headersOf(visitor), ...lines]);
  }
}
