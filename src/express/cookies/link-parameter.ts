/** A link with a parameter. */
export interface Link {
  /** The values of the parameter, as they were sent. */
  readonly values: readonly string[];
  /** The address without the parameter, relative to the address of the request. */
  readonly target: string;
}

/**
 * Finds a parameter in the address of a request. All other bytes of the query stay.
 *
 * The target is the last segment of the path with `./` in front. Such an address never leads to another
 * site, however the path looks (`//evil.example`, `/\evil.example`, `http://evil.example/`), and it stays
 * right if a proxy has removed the beginning of the path.
 */
export function findLink(address: string, parameter: string): Link | undefined {
  const mark = address.indexOf('?');
  if (mark === -1 || !address.includes(parameter, mark)) return undefined;
  const values: string[] = [];
  const others: string[] = [];
  for (const pair of address.slice(mark + 1).split('&')) {
    if (pair === parameter) values.push('');
    else if (pair.startsWith(`${parameter}=`)) values.push(pair.slice(parameter.length + 1));
    else others.push(pair);
  }
  if (values.length === 0) return undefined;
  const path = address.slice(0, mark).replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
  const query = others.join('&');
  const segment = path.slice(path.lastIndexOf('/') + 1);
  return { values, target: `./${segment}${query === '' ? '' : `?${query}`}` };
}
