import { z } from 'zod';

/** A point in time in a request. */
export const instantText = z.iso
  .datetime({
    offset: true,
    abort: true,
    error: 'wants a time with an offset, such as 2026-11-25T09:00:00+09:00',
  })
  .refine((text) => hasPlainYear(new Date(text)), 'wants a year from 1 to 9998');

/** Whether it has a year of four digits in every time zone: others cannot be shown by RFC 3339. */
export function hasPlainYear(at: Date): boolean {
  return at.getTime() >= earliestMs && at.getTime() < endMs;
}

/** The nearest time with such a year, for one that a person or another system wrote into a table. */
export function plainTime(at: Date): Date {
  return new Date(Math.min(Math.max(at.getTime(), earliestMs), endMs - 1));
}

export const earliestMs = Date.parse('0001-01-02T00:00:00Z');
export const endMs = Date.parse('9998-12-31T00:00:00Z');
