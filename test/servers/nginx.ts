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

/** An nginx that caches an application's responses, on a socket in its folder. */
export class NginxServer extends ChildServer implements CacheServer {
  readonly socket = join(this.folder, 'nginx.sock');
  private readonly config = join(this.folder, 'nginx.conf');

  constructor(settings: CacheSettings) {
    super('nginx');
    for (const name of TEMPORARY) mkdirSync(join(this.folder, name));
    writeFileSync(this.config, this.configFor(settings));
  }

  protected override command(): readonly [string, ...string[]] {
    if (program === undefined) throw new Error(`there is no nginx: ${install}`);
    return [program, '-p', this.folder, '-c', this.config, '-e', join(this.folder, 'error.log')];
  }

  protected override answers(): Promise<boolean> {
    return isAnswering(this.socket);
  }

  /** One process, so that killing it ends the whole server. */
  private configFor({ port, storesCookies = false }: CacheSettings): string {
    return `
      daemon off;
      master_process off;
      pid ${this.folder}/nginx.pid;
      error_log ${this.folder}/error.log;
      events { worker_connections 1024; }
      http {
        access_log off;
        ${TEMPORARY.map((name) => `${name}_temp_path ${this.folder}/${name};`).join('\n')}
        proxy_cache_path ${this.folder}/cache keys_zone=pages:4m use_temp_path=off;
        upstream application { server 127.0.0.1:${port}; keepalive 64; }
        server {
          listen unix:${this.socket};
          location / {
            proxy_pass http://application;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_cache pages;
            proxy_cache_lock on;
            proxy_cache_lock_timeout 100ms;
            proxy_cache_revalidate on;
            proxy_cache_valid any 10m;
            ${storesCookies ? 'proxy_ignore_headers Set-Cookie;' : ''}
            add_header X-Cache $upstream_cache_status always;
          }
        }
      }
    `;
  }
}
