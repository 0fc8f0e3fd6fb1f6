/** Formats a share in percent with up to two decimals: `15%`, `2.35%`, `< 0.01%`. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.005) return '< 0.01%';
  return `${Number(percent.toFixed(2))}%`;
}
