import * as fc from 'fast-check';
import { linksFrom, rootFrom } from '../../../src/dashboard/frame/link.ts';
import { pathFinder } from '../../../src/dashboard/routes/match-path.ts';
import { isBasePath } from '../../../src/dashboard/routes/place.ts';
import { runs } from '../../runs.ts';

/** A part of a path as browsers send it: they resolve `.` and `..` themselves. */
const part = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => encodeURIComponent(Buffer.from(text).toString()))
  .filter((text) => !/^(?:\.|%2e){1,2}$/i.test(text));

/** A path below the mount, such as `/experiments/a//`. */
const below = fc.array(part, { maxLength: 5 }).map((parts) => `/${parts.join('/')}`);

const mount = fc.constantFrom('/experiments', '/a/b/c', '/%20x');

it('leads from every page to the root of the dashboard', () => {
  fc.assert(
    fc.property(mount, below, (at, path) => {
      const address = new URL(rootFrom(path), `http://shop.example${at}${path}`);
      expect(address.href).toBe(`http://shop.example${at}/`);
    }),
    { numRuns: runs(1000) },
  );
});

const find = pathFinder([{ path: '' }, { path: 'experiments/:name' }, { path: 'history' }]);

it('finds the experiment that a link names, whatever its name is', () => {
  fc.assert(
    fc.property(below, fc.string({ unit: 'binary', minLength: 1 }), (path, name) => {
      const link = linksFrom(rootFrom(path))(`experiments/${name}`, { q: name, none: undefined });
      const { origin, pathname, searchParams } = new URL(link, `http://shop.example/m${path}`);
      expect(origin).toBe('http://shop.example');
      expect([...searchParams.keys()]).toEqual(['q']);
      // Names never have a slash, and browsers resolve dots.
      if (name.includes('/') || /^\.{1,2}$/.test(name)) return;
      expect(find(pathname.slice('/m/'.length))?.params['name']).toBe(Buffer.from(name).toString());
    }),
    { numRuns: runs(1000) },
  );
});

it('takes no public path that leads to another site', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('/', '\\', '.', ':', 'a', '%', '?', '#', '@', ' ') }),
      (path) => {
        if (!isBasePath(path)) return;
        const { origin, pathname } = new URL(`${path}/`.replace('//', '/'), 'http://shop.example');
        expect(origin).toBe('http://shop.example');
        expect(pathname.startsWith(path)).toBe(true);
      },
    ),
    { numRuns: runs(2000) },
  );
});
