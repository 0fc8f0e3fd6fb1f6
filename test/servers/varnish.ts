import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChildServer } from './child-server.ts';
import { describeWith, findProgram } from './find-program.ts';
import { type CacheServer, type CacheSettings, isAnswering } from './http-cache.ts';

const program = findProgram('varnishd');

const install = 'sudo apt-get install varnish';
const needed = { name: 'Varnish', program, install, variable: 'EVENHAND_REQUIRE_VARNISH' };

/** A `describe` for tests that need Varnish. */
export function describeWithVarnish(title: string, tests: () => void): void {
  describeWith(needed, title, tests);
}

/** A Varnish that caches an application's responses, on a socket in its folder. */
export class VarnishServer extends ChildServer implements CacheServer {
  readonly socket = join(this.folder, 'varnish.sock');
  private readonly config = join(this.folder, 'cache.vcl');

  constructor(settings: CacheSettings) {
    super('varnish');
    writeFileSync(this.config, configFor(settings));
  }

  protected override command(): readonly [string, ...string[]] {
    if (program === undefined) throw new Error(`there is no Varnish: ${install}`);
    const memory = ['-s', 'malloc,64m', '-l', '4m', '-p', 'thread_pool_min=20'];
    const place = ['-n', join(this.folder, 'state'), '-a', this.socket, '-T', 'none'];
    return [program, '-F', '-j', 'none', '-f', this.config, ...place, ...memory];
  }

  protected override answers(): Promise<boolean> {
    return isAnswering(this.socket);
  }
}

/**
 * By default Varnish forwards every request that has a cookie or an Authorization header. Here it
 * caches them too, according to `Vary` alone, and stores redirects like pages.
 */
function configFor({ port, storesCookies = false }: CacheSettings): string {
  const keepCookies = `
    if (beresp.http.Cache-Control !~ "(?i)(private|no-store|no-cache)") {
      return (deliver);
    }
  `;
  return `
    vcl 4.1;
    backend default { .host = "127.0.0.1"; .port = "${port}"; }
    sub vcl_recv {
      if (req.method != "GET" && req.method != "HEAD") { return (pass); }
      return (hash);
    }
    sub vcl_backend_response {
      if (beresp.status == 302) { set beresp.ttl = 10m; }
      ${storesCookies ? keepCookies : ''}
    }
    sub vcl_deliver {
      if (obj.hits > 0) { set resp.http.X-Cache = "HIT"; } else { set resp.http.X-Cache = "MISS"; }
    }
  `;
}
