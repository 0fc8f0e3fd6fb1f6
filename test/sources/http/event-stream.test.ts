import * as fc from 'fast-check';
import { EventCounter } from '../../../src/sources/http/event-stream.ts';

/** Counts the events in the pieces of a text. */
function count(text: string, pieces = 1): number {
  const bytes = Buffer.from(text);
  const counter = new EventCounter();
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  let events = 0;
  for (let at = 0; at < bytes.length; at += size)
    events += counter.count(bytes.subarray(at, at + size));
  return events;
}

describe('EventCounter', () => {
  it.each([
    ['data: 1\n\n', 1],
    ['data: 1\ndata: 2\n\n', 1],
    ['event: changed\r\ndata:\r\n\r\ndata: 2\r\n\r\n', 2],
    ['data\r\rdata\r\r', 2],
    ['data\n\n\n\n', 1],
    // Comments keep the connection open.
    [': ping\n\n: ping\n\n', 0],
    ['\n\n\n', 0],
    // Blocks without data are not events.
    ['event: changed\n\nid: 7\nretry: 10\n\n', 0],
    ['dat\n\n', 0],
    ['dataset: 1\n\n', 0],
    [' data: 1\n\n', 0],
    // The event has not ended yet.
    ['data: 1\n', 0],
    ['data: 1', 0],
    ['', 0],
  ])('counts in %j %d events', (text, events) => {
    expect(count(text)).toBe(events);
  });

  it('counts the same events however the text is split', () => {
    const line = fc.constantFrom('data: ä', 'data', 'id: 1', ': x', '', '');
    const end = fc.constantFrom('\n', '\r\n', '\r');
    const text = fc.array(fc.tuple(line, end)).map((lines) => lines.flat().join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 200 }), (text, pieces) => {
        expect(count(text, pieces)).toBe(count(text));
      }),
    );
  });

  it('keeps no part of an endless line', () => {
    const counter = new EventCounter();
    const bytes = Buffer.from('data: '.repeat(1000));
    for (let i = 0; i < 100; i++) expect(counter.count(bytes)).toBe(0);
    expect(JSON.stringify(counter).length).toBeLessThan(200);
    expect(counter.count(Buffer.from('\n\n'))).toBe(1);
  });
});
