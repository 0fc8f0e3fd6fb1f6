import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChildServer } from './child-server.ts';
import { describeWith, findProgram } from './find-program.ts';
import { type CacheServer, type CacheSettings, isAnswering } from './http-cache.ts';

const program = findProgram('nginx');

const install = 'sudo apt-get install nginx-light';
const needed = { name: 'nginx', program, install, variable: 'EVENHAND_REQUIRE_NGINX' };

/** A `describe` for tests that need nginx. */
export function describeWithNginx(title: string, tests: () => void): void {
  describeWith(needed, title, tests);
}

/** The folders that nginx writes to besides its cache. */
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** An nginx in front of an application, on a socket in its folder. */
export class NginxProxy extends ChildServer {
  readonly socket = join(this.folder, 'nginx.sock');
  private readonly config = join(this.folder, 'nginx.conf');

  /**
   * @param port the port of the application, on 127.0.0.1, which is the upstream `application`
   * @param settings the directives of the server: its locations
   * @param settingsAbove directives beside the server; `FOLDER` stands for the folder of this nginx
   */
  constructor(port: number, settings: string, settingsAbove = '') {
    super('nginx');
    for (const name of TEMPORARY) mkdirSync(join(this.folder, name));
    writeFileSync(this.config, this.configFor(port, settings, settingsAbove));
  }

  protected override command(): readonly [string, ...string[]] {
    if (program === undefined) throw new Error(`there is no nginx: ${install}`);
    return [program, '-p', this.folder, '-c', this.config, '-e', join(this.folder, 'error.log')];
  }

  protected override answers(): Promise<boolean> {
    return isAnswering(this.socket);
  }

  /** One process, so that killing it ends the whole server. */
  private configFor(port: number, settings: string, settingsAbove: string): string {
    return `
      daemon off;
      master_process off;
      pid ${this.folder}/nginx.pid;
      error_log ${this.folder}/error.log;
      events { worker_connections 1024; }
      http {
        access_log off;
        ${TEMPORARY.map((name) => `${name}_temp_path ${this.folder}/${name};`).join('\n')}
        ${settingsAbove.replaceAll('FOLDER', this.folder)}
        upstream application { server 127.0.0.1:${port}; keepalive 64; }
        server {
          listen unix:${this.socket};
          ${settings}
        }
      }
    `;
  }
}

/** The directives of each location that passes requests on. */
export const PASSING_ON = `
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
`;

/** An nginx that caches an application's responses. */
export class NginxServer extends NginxProxy implements CacheServer {
  constructor({ port, storesCookies = false }: CacheSettings) {
    super(
      port,
      `location / {
        proxy_pass http://application;
        ${PASSING_ON}
        proxy_cache pages;
        proxy_cache_lock on;
        proxy_cache_lock_timeout 100ms;
        proxy_cache_revalidate on;
        proxy_cache_valid any 10m;
        ${storesCookies ? 'proxy_ignore_headers Set-Cookie;' : ''}
        add_header X-Cache $upstream_cache_status always;
      }`,
      'proxy_cache_path FOLDER/cache keys_zone=pages:4m use_temp_path=off;',
    );
  }
}
