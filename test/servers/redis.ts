import { connect } from 'node:net';
import { join } from 'node:path';
import { ChildServer } from './child-server.ts';
import { describeWith, findProgram } from './find-program.ts';

const program = findProgram('redis-server');

const install = 'sudo apt-get install redis-server';
const needed = { name: 'Redis', program, install, variable: 'EVENHAND_REQUIRE_REDIS' };

/** A `describe` for tests that need Redis. */
export function describeWithRedis(title: string, tests: () => void): void {
  describeWith(needed, title, tests);
}

/** A Redis server on a socket in its folder. It keeps every confirmed write. */
export class RedisServer extends ChildServer {
  /** The path of its socket. */
  readonly socket = join(this.folder, 'redis.sock');
  private readonly settings: readonly string[];

  /** @param settings more settings, as in redis.conf: `--maxmemory`, `1mb` */
  constructor(...settings: readonly string[]) {
    super('redis');
    this.settings = settings;
  }

  protected override command(): readonly [string, ...string[]] {
    if (program === undefined) throw new Error(`there is no Redis: ${install}`);
    const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
    return [program, '--port', '0', '--unixsocket', this.socket, ...durable, ...this.settings];
  }

  protected override answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.socket);
      const end = (answer: boolean) => {
        socket.destroy();
        resolve(answer);
      };
      socket.once('error', () => end(false));
      socket.once('connect', () => socket.write('PING\r\n'));
      // Loading data is an error. Any other answer counts, even that a password is missing.
      socket.once('data', (data) => end(!data.toString().startsWith('-LOADING')));
    });
  }
}
