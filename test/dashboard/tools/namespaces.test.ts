import * as fc from 'fast-check';
import { namespacesData } from '../../../src/dashboard/tools/namespaces-data.ts';
import { segmentMap } from '../../../src/dashboard/tools/segment-map.ts';
import { NAMESPACE } from './fixtures.ts';
import { visitOf } from '../fixtures/visit.ts';
import '../../seed.ts';

const data = (query: Record<string, string> = {}) =>
  namespacesData(visitOf({ specification: NAMESPACE, query }));

describe('namespacesData', () => {
  it('counts the segments of each running experiment', () => {
    expect(data().namespaces[0]).toMatchObject({
      name: 'checkout',
      segments: 1000,
      free: 400,
      running: [
        { name: 'colors', experiment: 'colors', segments: 500 },
        { name: 'words_2', experiment: 'words', segments: 100 },
      ],
    });
  });

  it('lists the history with the latest line first', () => {
    expect(data().namespaces[0]?.history[0]).toMatchObject({ add: 'words_2' });
    expect(data().namespaces[0]?.history).toHaveLength(4);
  });

  it('has the owner of every segment only where someone asks for it', () => {
    expect(data().namespaces[0]).not.toHaveProperty('map');
    const map = data({ map: 'checkout' }).namespaces[0]?.map ?? [];
    expect(map).toHaveLength(1000);
    expect(map.filter((owner) => owner === 0)).toHaveLength(500);
    expect(map.filter((owner) => owner === -1)).toHaveLength(400);
    expect(data({ map: '__proto__' }).namespaces[0]).not.toHaveProperty('map');
  });
});

describe('segmentMap', () => {
  it('draws every segment once', () => {
    const owners = fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 1, maxLength: 450 });
    fc.assert(
      fc.property(owners, (list) => {
        const { text } = segmentMap(list, ['1', '2', '3', '4'], 'Segments');
        const drawn = [...text.matchAll(/M(\d+) (\d+)h(\d+)v1/g)].flatMap(([, x, y, width]) =>
          Array.from({ length: Number(width) }, (_, i) => Number(y) * 100 + Number(x) + i),
        );
        expect(drawn.toSorted((a, b) => a - b)).toEqual(list.map((_, i) => i));
      }),
    );
  });
});
