import {
  idempotencyKey,
  secretBytes,
  signWebhook,
  verifyWebhook,
} from '../../../../src/exposures/sinks/webhook/webhook-signature.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const BODY = '{"test": 2432232314}';
const NOW = 1_614_265_330_000;
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';

const headers = { ...signWebhook(ID, BODY, secretBytes(SECRET), NOW) };
const verify = (changes: object = {}, body: string | Buffer = BODY, now = NOW): boolean =>
  verifyWebhook(body, { ...headers, ...changes }, SECRET, { now });

describe('signWebhook', () => {
  it('signs like the example of Standard Webhooks', () => {
    expect(headers).toEqual({
      'webhook-id': ID,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});

describe('verifyWebhook', () => {
  it('accepts a signed body, as text or as bytes', () => {
    expect(verify()).toBe(true);
    expect(verify({}, Buffer.from(BODY))).toBe(true);
  });

  it('accepts one of several signatures, so that secrets can be rotated', () => {
    const others = `v1a,abc v1,${Buffer.alloc(32).toString('base64')}`;
    expect(verify({ 'webhook-signature': `${others} ${headers['webhook-signature']}` })).toBe(true);
    expect(verify({ 'webhook-signature': others })).toBe(false);
  });

  it.each([
    ['another body', {}, `${BODY} `],
    ['another id', { 'webhook-id': 'msg_other' }],
    ['another time', { 'webhook-timestamp': '1614265331' }],
    ['no id', { 'webhook-id': undefined }],
    ['no time', { 'webhook-timestamp': undefined }],
    ['no signature', { 'webhook-signature': undefined }],
    ['an empty signature', { 'webhook-signature': '' }],
    [
      'a signature of another version',
      { 'webhook-signature': headers['webhook-signature'].replace('v1', 'v2') },
    ],
    ['a short signature', { 'webhook-signature': 'v1,g0hM9SsE' }],
    ['a list for a header', { 'webhook-signature': [headers['webhook-signature']] }],
    ['a time that is not a number', { 'webhook-timestamp': '0x6037bf72' }],
    ['a time without end', { 'webhook-timestamp': '9'.repeat(400) }],
  ])('rejects %s', (_what, changes, body = BODY) => {
    expect(verify(changes, body)).toBe(false);
  });

  it('rejects a body that was signed long ago or in the future', () => {
    const minutes = 60_000;
    expect(verify({}, BODY, NOW + 5 * minutes)).toBe(true);
    expect(verify({}, BODY, NOW + 6 * minutes)).toBe(false);
    expect(verify({}, BODY, NOW - 6 * minutes)).toBe(false);
    const options = { now: NOW + 6 * minutes, toleranceMs: 10 * minutes };
    expect(verifyWebhook(BODY, headers, SECRET, options)).toBe(true);
  });

  it('rejects a body that was signed with another secret', () => {
    const other = signWebhook(ID, BODY, secretBytes('another secret, long enough'), NOW);
    expect(verifyWebhook(BODY, { ...other }, SECRET, { now: NOW })).toBe(false);
  });

  it('rejects a secret that is too short', () => {
    for (const secret of ['', 'short', 'whsec_', 'whsec_c2hvcnQ=']) {
      expect(() => verifyWebhook(BODY, headers, secret)).toThrow('must have at least 16 bytes');
    }
  });
});

describe('idempotencyKey', () => {
  it('is the same only for the same body', () => {
    expect(idempotencyKey(BODY)).toMatch(/^[0-9a-f]{32}$/);
    expect(idempotencyKey(BODY)).toBe(idempotencyKey(BODY));
    expect(idempotencyKey(BODY)).not.toBe(idempotencyKey(`${BODY} `));
  });
});
