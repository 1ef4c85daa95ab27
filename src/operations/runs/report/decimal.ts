/** Multiplies a decimal number of the settings by a count, exactly: `0.14` times 3 is `0.42`. */
export function times(decimal: string, count: number): string {
  const { units, places } = parse(decimal);
  return print(units * BigInt(count), places);
}

export function plus(a: string, b: string): string {
  const [first, second] = [parse(a), parse(b)];
  const places = Math.max(first.places, second.places);
  return print(scaled(first, places) + scaled(second, places), places);
}

interface Decimal {
  readonly units: bigint;
  readonly places: number;
}

function parse(text: string): Decimal {
  const [whole = '', fraction = ''] = text.split('.');
  return { units: BigInt(`${whole}${fraction}`), places: fraction.length };
}

function scaled({ units, places }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - places);
}

function print(units: bigint, places: number): string {
  if (places === 0) return String(units);
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const sign = units < 0n ? '-' : '';
  const fraction = digits.slice(-places).replace(/0+$/, '');
  const whole = `${sign}${digits.slice(0, -places)}`;
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
