import * as ofNode from 'node:crypto';
import { nodeCrypto } from '../../src/runtime/node-crypto.ts';

describe('nodeCrypto', () => {
  it("returns Node's module, the same at each call", () => {
    expect(nodeCrypto().hash('sha1', 'abc')).toBe(ofNode.hash('sha1', 'abc'));
    expect(nodeCrypto()).toBe(nodeCrypto());
  });
});
