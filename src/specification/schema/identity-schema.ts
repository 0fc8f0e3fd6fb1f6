import { MAX_IDENTITIES } from '../identity-paths.ts';
import { PATH } from './namespace-schema.ts';

/** The schema (see `schema.ts`) of the identity of an experiment. */
export const identitySchema = {
          title: 'Identity',
          description:
            'The value that is hashed to choose a bucket, as a path into the context (the facts ' +
            'about a request), such as "user.id". "anonymous" is the key in the tracking cookie. ' +
            '"random" chooses a new bucket on every request. A list of paths, such as ["user.id", ' +
            '"anonymous"]: the first one that the context has, and that is not null, decides.',
          type: ['string', 'array'],
          pattern: PATH,
          minItems: 1,
          maxItems: MAX_IDENTITIES,
          items: { type: 'string', pattern: PATH },
          examples: ['user.id', 'tenant.id', 'anonymous', 'random', ['user.id', 'anonymous']],
        } as const;
