import type { LanguageWords } from '../template/languageWords.ts';
import { type CalendarMonth, formatDate, monthKey, periodOf } from './billingDates.ts';
import { formatWon } from './formatWon.ts';

/** How the values of a bill are written in one language. */
export interface ValueWords extends Pick<LanguageWords, 'nameless' | 'categories'> {
  /** In whole won: `12,345원`, `KRW 12,345`. */
  amount(won: number): string;
  /** Of a `YYYY-MM-DD`: `2026년 11월 25일`, `November 25, 2026`. */
  day(date: string): string;
  /** `2026년 11월`, `November 2026`. */
  month(month: CalendarMonth): string;
  /** `11월`, `November`. */
  monthName(month: CalendarMonth): string;
  /** For a narrow place: `11월`, `Nov`. */
  monthLabel(month: CalendarMonth): string;
  /** The month's first and last day. */
  period(month: CalendarMonth): string;
}

export function createValueWords({ locale, nameless, categories }: LanguageWords): ValueWords {
  return { nameless, categories, ...(/^ko\b/i.test(locale) ? koreanForms : formsOf(locale)) };
}

type Forms = Omit<ValueWords, 'nameless' | 'categories'>;

/** By hand: `Intl` takes ten times as long per value. */
const koreanForms: Forms = {
  amount: formatWon,
  day: formatDate,
  month: ({ year, month }) => `${year}년 ${month}월`,
  monthName: ({ month }) => `${month}월`,
  monthLabel: ({ month }) => `${month}월`,
  period: periodOf,
};

function formsOf(locale: string): Forms {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  const [day, month] = [format({ dateStyle: 'long' }), format({ year: 'numeric', month: 'long' })];
  const [name, label] = [format({ month: 'long' }), format({ month: 'short' })];
  const ofMonth = (write: (first: Date) => string) => {
    const written = remembered((key) => write(new Date(`${key}-01`)));
    return (of: CalendarMonth) => written(monthKey(of));
  };
  return {
    amount: (won) => (won < 0 ? `-KRW ${withoutUnit(-won)}` : `KRW ${withoutUnit(won)}`),
    day: remembered((date) => (isDay(date) ? day.format(new Date(date)) : date)),
    month: ofMonth((first) => month.format(first)),
    monthName: ofMonth((first) => name.format(first)),
    monthLabel: ofMonth((first) => label.format(first)),
    period: ofMonth((first) => day.formatRange(first, lastDayOf(first))),
  };
}

function withoutUnit(won: number): string {
  return formatWon(won).slice(0, -1);
}

function isDay(date: string): boolean {
  return !Number.isNaN(Date.parse(date));
}

function lastDayOf(first: Date): Date {
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0));
}

/** A month's bills have few dates, and `Intl` is slow. */
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
