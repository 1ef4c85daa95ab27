import type { LanguageWords } from '../template/languageWords.ts';
import { type CalendarMonth, formatDate, monthKey, periodOf } from './billingDates.ts';
import { formatWon } from './formatWon.ts';

/** How the values of a bill are written in one language. */
export interface ValueWords extends Pick<LanguageWords, 'nameless' | 'categories'> {
  /** Writes minor units of the bill's currency (won, cents): `12,345원`, `KRW 12,345`, `$123.45`. */
  amount(minorUnits: number): string;
  number(value: number): string;
  /** Writes a `YYYY-MM-DD`: `2026년 11월 25일`, `November 25, 2026`. */
  day(date: string): string;
  /** `2026년 11월`, `November 2026`. */
  month(month: CalendarMonth): string;
  /** `11월`, `November`. */
  monthName(month: CalendarMonth): string;
  /** Writes a month for a narrow place: `11월`, `Nov`. */
  monthLabel(month: CalendarMonth): string;
  /** The month's first and last day. */
  period(month: CalendarMonth): string;
}

/** @param currency a code of ISO 4217 */
export function createValueWords(
  { locale, nameless, categories }: LanguageWords,
  currency = 'KRW',
): ValueWords {
  const isKorean = /^ko\b/i.test(locale);
  return {
    nameless,
    categories,
    amount: isKorean && currency === 'KRW' ? formatWon : createAmounts(locale, currency),
    ...(isKorean ? koreanForms : formsOf(locale)),
  };
}

type Forms = Omit<ValueWords, 'nameless' | 'categories' | 'amount'>;

const koreanNumber = new Intl.NumberFormat('ko');

/** Written by our own code: `Intl` takes ten times as long per value. */
const koreanForms: Forms = {
  number: (value) => koreanNumber.format(value),
  day: formatDate,
  month: ({ year, month }) => `${year}년 ${month}월`,
  monthName: ({ month }) => `${month}월`,
  monthLabel: ({ month }) => `${month}월`,
  period: periodOf,
};

function formsOf(locale: string): Forms {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  const number = new Intl.NumberFormat(locale);
  const [day, month] = [format({ dateStyle: 'long' }), format({ year: 'numeric', month: 'long' })];
  const [name, label] = [format({ month: 'long' }), format({ month: 'short' })];
  const ofMonth = (write: (first: Date) => string) => {
    const written = remembered((key) => write(new Date(`${key}-01`)));
    return (of: CalendarMonth) => written(monthKey(of));
  };
  return {
    number: (value) => number.format(value),
    day: remembered((date) => (isDay(date) ? day.format(new Date(date)) : date)),
    month: ofMonth((first) => month.format(first)),
    monthName: ofMonth((first) => name.format(first)),
    monthLabel: ofMonth((first) => label.format(first)),
    period: ofMonth((first) => day.formatRange(first, lastDayOf(first))),
  };
}

function createAmounts(locale: string, currency: string): (minorUnits: number) => string {
  if (currency === 'KRW') return (won) => (won < 0 ? `-KRW ${withoutUnit(-won)}` : `KRW ${withoutUnit(won)}`);
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0;
  // `Intl` formats a text here, so that no large amount is rounded.
  return (minorUnits) => {
    const text = String(Math.abs(minorUnits)).padStart(digits + 1, '0');
    const at = text.length - digits;
    const sign = minorUnits < 0 ? '-' : '';
    return format.format(`${sign}${text.slice(0, at)}.${text.slice(at)}0` as Intl.StringNumericLiteral);
  };
}

/** Korean phones cannot show `₩`. */
function withoutUnit(won: number): string {
  return formatWon(won).slice(0, -1);
}

function isDay(date: string): boolean {
  return !Number.isNaN(Date.parse(date));
}

function lastDayOf(first: Date): Date {
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0));
}

/** Remembers results: `Intl` is slow, and a month's bills have few dates. */
function remembered(write: (key: string) => string): (key: string) => string {
  const known = new Map<string, string>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= mostRemembered) known.clear();
    const written = write(key);
    known.set(key, written);
    return written;
  };
}

const mostRemembered = 256;
