// @ts-check

/** The shop's products. Prices are in euro cents; `icon` is the id of a drawing in public/tools.svg. */
export const products = [
  { name: 'Spirit level', about: 'Beech and brass, 60 cm', cents: 4200, icon: 'level' },
  { name: 'Plumb bob', about: 'Turned steel, 300 g', cents: 1850, icon: 'bob' },
  { name: 'Try square', about: 'Rosewood stock, 200 mm', cents: 2990, icon: 'square' },
  { name: 'Folding rule', about: 'Boxwood, 2 m', cents: 1500, icon: 'rule' },
  { name: 'Balance scale', about: 'With weights, 1 g to 500 g', cents: 8900, icon: 'scale' },
  { name: 'Dividers', about: 'Forged, 250 mm', cents: 2400, icon: 'dividers' },
];

/**
 * @param {number} cents
 * @param {string} [locale]
 */
export function formatPrice(cents, locale = 'en-GB') {
  return new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' }).format(cents / 100);
}
