import { locale, type Pair, say } from './language.ts';

/** `1,234,567`; a missing number is a dash, never a 0. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : new Intl.NumberFormat(locale.value).format(value);
}

/** A number per second, with decimals if it is small. */
export function rate(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  const maximumFractionDigits = value > 0 && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(locale.value, { maximumFractionDigits }).format(value);
}

/** `62.4 %`. Only the whole is shown as 100 %, and only nothing as 0 %. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '–';
  const exact = part / whole;
  const shown = part === whole ? 1 : part === 0 ? 0 : Math.min(0.999, Math.max(0.001, exact));
  const format = new Intl.NumberFormat(locale.value, { style: 'percent', maximumFractionDigits: 1 });
  return format.format(shown);
}

/** A duration by its two largest units: `2 h 5 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const units: readonly (readonly [Pair, number])[] = [
    [['d', '일'], 86_400],
    [['h', '시간'], 3_600],
    [['min', '분'], 60],
    [['s', '초'], 1],
  ];
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return part(0, ['s', '초']);
  let left = seconds;
  const parts = units.slice(first, first + 2).map(([word, size]) => {
    const amount = Math.floor(left / size);
    left -= amount * size;
    return amount === 0 ? '' : part(amount, word);
  });
  return parts.filter((text) => text !== '').join(' ');
}

function part(amount: number, word: Pair): string {
  return say([`${amount} ${word[0]}`, `${amount}${word[1]}`]);
}

/** How long ago a time was, or how long until it comes. */
export function distance(at: string | number, now: number): string {
  const ms = now - new Date(at).getTime();
  if (Math.abs(ms) < 1_000) return say(['now', '지금']);
  const text = duration(Math.abs(ms));
  return ms > 0 ? say([`${text} ago`, `${text} 전`]) : say([`in ${text}`, `${text} 후`]);
}

/** Date and time to the second, in the reader's time zone. */
export function moment(at: string | number): string {
  return new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'medium' }).format(
    new Date(at),
  );
}

/** The time of the day, to the second. */
export function clock(at: string | number): string {
  return new Intl.DateTimeFormat(locale.value, { timeStyle: 'medium' }).format(new Date(at));
}

/** `2026-11` as the language writes a month. */
export function monthName(month: string | null): string {
  if (month === null) return '–';
  return new Intl.DateTimeFormat(locale.value, { year: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(`${month}-15T00:00:00Z`),
  );
}

/** An amount of money in minor units as a decimal number: exact, however many digits it has. */
export function money(minor: string, currency: string): string {
  const format = new Intl.NumberFormat(locale.value, { style: 'currency', currency });
  const { maximumFractionDigits: digits = 0 } = format.resolvedOptions();
  return format.format(`${minor}E-${digits}` as Intl.StringNumericLiteral);
}

/** The name of a person without the rest; programs are shown in full. */
export function personName(actor: string | null): string {
  return actor === null ? '–' : actor.replace(/^person /, '');
}
