import { connect } from 'node:net';
import { ChildServer } from './child-server.ts';
import { describeWith, findProgram } from './find-program.ts';
import { freePort } from './free-port.ts';

const program = findProgram('nats-server');

const install = 'sudo apt-get install nats-server';
const needed = { name: 'NATS', program, install, variable: 'EVENHAND_REQUIRE_NATS' };

/** A `describe` for tests that need NATS. */
export function describeWithNats(title: string, tests: () => void): void {
  describeWith(needed, title, tests);
}

/** A NATS server with JetStream on a free port of this machine. */
export class NatsServer extends ChildServer {
  private port = 0;

  constructor() {
    super('nats');
  }

  /** Its address, after it has been started. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /**
   * Starts or restarts the server on the same port; at the first start, another port if that was
   * taken.
   */
  override async start(): Promise<void> {
    const isFirst = this.port === 0;
    for (let attempt = 1; ; attempt++) {
      if (isFirst) this.port = await freePort();
      try {
        await super.start();
        return;
      } catch (error) {
        await this.kill();
        if (attempt === 5) throw error;
      }
    }
  }

  protected override command(): readonly [string, ...string[]] {
    if (program === undefined) throw new Error(`there is no NATS: ${install}`);
    return [program, '-js', '-sd', this.folder, '-a', '127.0.0.1', '-p', String(this.port)];
  }

  protected override answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1');
      const end = (answer: boolean) => {
        socket.destroy();
        resolve(answer);
      };
      socket.once('error', () => end(false));
      socket.once('data', (data) => end(data.toString().startsWith('INFO ')));
    });
  }
}
