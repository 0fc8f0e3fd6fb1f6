/** The shortest decision an application can write itself, with a hash that returns [0, 2^32). */
export function decideByHand({ locale, user }, name, hash) {
  if (locale !== 'en-US' || (user.plan !== 'pro' && user.plan !== 'team')) return 'inactive';
  const bucket = hash(user.id + name) % 100;
  if (bucket < 10) return 'active';
  return bucket < 90 ? 'inactive' : 'control';
}

/** Needs no configuration, because the experiment is in the code. */
export function configuration() {
  return '';
}
