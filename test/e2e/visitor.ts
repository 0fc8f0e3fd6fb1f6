/** An answer with its complete page. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A simple browser that sends requests to a server and keeps its cookies. */
export class Visitor {
  /** The percent-encoded cookies by name. */
  readonly cookies = new Map<string, string>();
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Redirects are not followed. */
  get(path: string): Promise<Answer> {
    return this.ask(path, {});
  }

  /** Sends a form. */
  post(path: string, form: Record<string, string>, headers: Record<string, string> = {}) {
    return this.ask(path, { method: 'POST', body: new URLSearchParams(form), headers });
  }

  /** Logs in with the shop's form. */
  async login(user: string): Promise<this> {
    await this.post('/login', { user });
    return this;
  }

  private async ask(path: string, init: RequestInit): Promise<Answer> {
    const headers = new Headers(init.headers);
    const cookies = [...this.cookies].map(([name, value]) => `${name}=${value}`);
    if (cookies.length > 0) headers.set('Cookie', cookies.join('; '));
    const response = await fetch(this.url + path, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) this.keep(cookie);
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
    };
  }

  private keep(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    // A cleared cookie is empty and has a date in the past.
    if (value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** Returns the variant of an experiment that a page of the shop shows. */
export function shownVariant({ text }: Answer, experiment: string): string | undefined {
  return new RegExp(`data-variant="${experiment}">(\\w+)<`).exec(text)?.[1];
}

/** Returns the text of the first heading. */
export function heading({ text }: Answer): string | undefined {
  return /<h1[^>]*>([^<]*)<\/h1>/.exec(text)?.[1];
}
