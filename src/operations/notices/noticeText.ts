import { counted } from '../../lib/counted.ts';

export function bills(count: number | null): string {
  return count === null ? 'an unknown number of bills' : counted(count, 'bill');
}

export function inThousands(count: number): string {
  return count.toLocaleString('en');
}

export function dateOf(text: string | null | undefined): Date | null {
  return text === null || text === undefined ? null : new Date(text);
}

export function timeOf(at: Date | null, time: (at: Date) => string): string {
  return at === null ? 'unknown' : time(at);
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
