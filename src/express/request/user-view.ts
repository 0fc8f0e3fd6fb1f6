import { identityText } from '../../hash/text.ts';
import {
  ATTRIBUTES,
  attributeOf,
  type AttributeSource,
  MISSING,
} from '../../rules/values/attributes.ts';

/** The user of a request that has none. */
export const ANONYMOUS_USER = Object.freeze({
  id: null,
  is_authenticated: false,
  is_anonymous: true,
});

/**
 * A user as rules see it: its own attributes, and the flags `is_authenticated` and `is_anonymous`,
 * which Django's users have and Express's mostly lack. What the user says of itself wins.
 */
export class UserView implements AttributeSource {
  readonly #user: object;

  constructor(user: object) {
    this.#user = user;
  }

  [ATTRIBUTES](name: string): unknown {
    const own = attributeOf(this.#user, name);
    if (own !== MISSING) return own;
    switch (name) {
      case 'is_authenticated':
        return true;
      case 'is_anonymous':
        return attributeOf(this.#user, 'is_authenticated') === false;
      default:
        return MISSING;
    }
  }

  /** Makes `user` an identity where the user has a `toString` of its own, and only there. */
  toString(): string | undefined {
    return identityText(this.#user);
  }
}
