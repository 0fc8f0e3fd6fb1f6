/** The number of decisions between two readings of the clock. */
const BATCH = 1000;

/**
 * Returns a function that makes decisions for the next users and experiments on each call.
 *
 * @param decide returns a variant, or a promise of it
 */
export function decideMany(decide, users, names) {
  let user = 0;
  let name = 0;
  const nextUser = () => users[user === users.length - 1 ? (user = 0) : ++user];
  const nextName = () => names[name === names.length - 1 ? (name = 0) : ++name];

  function decideAtOnce() {
    let length = 0;
    for (let i = 0; i < BATCH; i++) length += decide(nextUser(), nextName()).length;
    check(length);
  }

  async function decideInTurn() {
    let length = 0;
    for (let i = 0; i < BATCH; i++) length += (await decide(nextUser(), nextName())).length;
    check(length);
  }

  const promises = decide(users[0], names[0]) instanceof Promise;
  return { run: promises ? decideInTurn : decideAtOnce, operations: BATCH };
}

/** Uses the answers, or V8 could optimize the work away. */
function check(length) {
  if (length === 0) throw new Error('nothing was decided');
}
