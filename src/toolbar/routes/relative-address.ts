import type { Request } from 'express';
import { pathOf } from '../../web/public-address.ts';

/**
 * Returns the address of a path of the toolbar, relative to the address of a request. It stays right if a
 * proxy removes the beginning of all paths, and if the toolbar is mounted in a router.
 *
 * @param path below the place where the toolbar is mounted: `/__evenhand/override`
 */
export function relativeAddress(req: Request, path: string): string {
  const [page = '/'] = pathOf(req).split('?', 1);
  // Each slash but the first is a folder, also an empty one: `//a` has the folder "".
  const depth = page.split('/').length - 2;
  const target = `${req.baseUrl ?? ''}${path}`.slice(1);
  return depth < 1 ? `./${target}` : '../'.repeat(depth) + target;
}
