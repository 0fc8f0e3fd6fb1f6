import type { UnitCodes } from '../../assignment/special/sticky-book.ts';
import { nodeCrypto } from '../../runtime/node-crypto.ts';

/** The keys that are derived from one secret. */
interface Keys {
  /** Two characters that tell by which secret a unit's code was made. */
  readonly id: string;
  readonly signing: Buffer;
  readonly units: Buffer;
}

/** Separates the content from its signature. */
const SEPARATOR = '*';

/** The characters of an HMAC-SHA-256 in base64url. */
const SIGNATURE_LENGTH = 43;

/** The characters that a signature adds to a content. */
export const SIGNING_LENGTH = SEPARATOR.length + SIGNATURE_LENGTH;

const ID_LENGTH = 2;

/** 72 bits: the chance that two identities have one code is negligible. */
const CODE_LENGTH = 12;

/**
 * Signs the contents of the sticky cookie, and makes the codes of identities. Both use keys of their own,
 * which depend on the cookie's name: no other text signed with the secret is a valid cookie.
 */
export class CookieKeys {
  private readonly secrets: readonly string[];
  private readonly cookie: string;
  private derived: readonly Keys[] | undefined;

  /** @param secrets the first signs, all are accepted */
  constructor(secrets: readonly string[], cookie: string) {
    this.secrets = secrets;
    this.cookie = cookie;
  }

  /** Returns the content with its signature. */
  sign(content: string): string {
    const [first] = this.keys;
    return `${content}${SEPARATOR}${first === undefined ? '' : signatureOf(first, content)}`;
  }

  /**
   * Returns the content of a signed text, and whether the first secret has signed it; undefined if no
   * secret has.
   */
  verify(text: string): { readonly content: string; readonly isCurrent: boolean } | undefined {
    const end = text.lastIndexOf(SEPARATOR);
    const given = Buffer.from(text.slice(end + 1), 'latin1');
    if (end < 0 || given.length !== SIGNATURE_LENGTH) return undefined;
    const content = text.slice(0, end);
    for (const [i, keys] of this.keys.entries()) {
      const expected = Buffer.from(signatureOf(keys, content), 'latin1');
      if (nodeCrypto().timingSafeEqual(given, expected)) return { content, isCurrent: i === 0 };
    }
    return undefined;
  }

  /** Returns true if the code of an identity was made by one of the secrets. */
  knows(code: string): boolean {
    const id = code.slice(0, ID_LENGTH);
    return this.keys.some((keys) => keys.id === id);
  }

  /** Returns the codes of identities in one request, which remember the texts they were made from. */
  unitCodes(): UnitCodes {
    return new HashedUnits(this.keys);
  }

  /** Derived when first used, as Node takes milliseconds to load its cryptography. */
  private get keys(): readonly Keys[] {
    return (this.derived ??= this.secrets.map((secret): Keys => {
      const derive = (purpose: string) =>
        nodeCrypto()
          .createHmac('sha256', secret)
          .update(`evenhand sticky cookie ${this.cookie} ${purpose}`)
          .digest();
      const id = derive('id').toString('base64url').slice(0, ID_LENGTH);
      return { id, signing: derive('signature'), units: derive('units') };
    }));
  }
}

/** Keeps hashes instead of identities: a cookie must not reveal a person. */
class HashedUnits implements UnitCodes {
  private readonly keys: readonly Keys[];
  /** The codes by key, path and text. */
  private readonly codes = new Map<string, string>();
  /** The texts by path and code. */
  private readonly texts = new Map<string, string>();

  constructor(keys: readonly Keys[]) {
    this.keys = keys;
  }

  encode(path: string, text: string): string {
    const [first] = this.keys;
    return first === undefined ? '' : this.codeOf(first, path, text);
  }

  matches(path: string, text: string, code: string): boolean {
    const id = code.slice(0, ID_LENGTH);
    return this.keys.some((keys) => keys.id === id && this.codeOf(keys, path, text) === code);
  }

  reveal(path: string, code: string): string | undefined {
    return this.texts.get(`${path}\n${code}`);
  }

  private codeOf(keys: Keys, path: string, text: string): string {
    const question = `${keys.id}\n${path}\n${text}`;
    let code = this.codes.get(question);
    if (code === undefined) {
      const hash = nodeCrypto().createHmac('sha256', keys.units).update(`${path}\n${text}`);
      code = keys.id + hash.digest('base64url').slice(0, CODE_LENGTH);
      this.codes.set(question, code);
      this.texts.set(`${path}\n${code}`, text);
    }
    return code;
  }
}

function signatureOf({ signing }: Keys, content: string): string {
  return nodeCrypto().createHmac('sha256', signing).update(content).digest('base64url');
}
