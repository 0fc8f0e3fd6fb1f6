/** An element of a picture with its attributes. */
export type Drawn = Readonly<Record<string, string>>;

/** Returns the elements with this tag and this class (or the beginning of it), with their attributes. */
export function drawn(svg: string, tag: string, name = ''): readonly Drawn[] {
  return [...svg.matchAll(new RegExp(`<${tag}\\b([^>]*)>`, 'g'))]
    .map(([, attributes = '']) =>
      Object.fromEntries(
        [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
          key,
          value,
        ]),
      ),
    )
    .filter((attributes) => (attributes['class'] ?? '').startsWith(name));
}

/** Returns an attribute of an element as a number, without its percent sign. */
export function numberOf(element: Drawn | undefined, attribute: string): number {
  return Number.parseFloat(element?.[attribute] ?? 'NaN');
}
