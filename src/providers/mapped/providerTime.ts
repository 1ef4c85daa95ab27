import type { PollMapping } from './pollSchema.ts';

/** `2026-11-28 19:00:00` in Korean time, which has no summer time. */
export function koreanTime(at: Date): string {
  return new Date(at.getTime() + koreaAheadMs).toISOString().slice(0, 19).replace('T', ' ');
}

const koreaAheadMs = 9 * 3_600_000;

type Times = PollMapping['times'];

/** A time in the form that a provider's query takes. */
export function writeTime(at: Date, times: Times): string {
  switch (times) {
    case 'iso':
      return at.toISOString();
    case 'korea':
      return koreanTime(at);
    case 'koreaMinutes':
      return koreanTime(at).slice(0, 16);
    case 'unixSeconds':
      return String(Math.floor(at.getTime() / 1_000));
    case 'unixMs':
      return String(at.getTime());
    default:
      return times satisfies never;
  }
}

/** The smallest difference between two times in this form, ms. */
export function resolutionOf(times: Times): number {
  return times === 'koreaMinutes' ? 60_000 : times === 'unixMs' || times === 'iso' ? 1 : 1_000;
}

/** Reads a provider's time. Without a zone it is Korean time, unless the provider writes UTC. */
export function readTime(text: string | undefined, times: Times): Date | undefined {
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) {
    return valid(new Date(Number(text) * (Number(text) >= 1e11 ? 1 : 1_000)));
  }
  const [, day, clock = '', zone] = written.exec(text.trim()) ?? [];
  if (day === undefined) return undefined;
  const usualZone = times === 'korea' || times === 'koreaMinutes' ? '+09:00' : 'Z';
  return valid(new Date(`${day}T${clock}${zone ?? usualZone}`));
}

const written = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;

function valid(at: Date): Date | undefined {
  return Number.isNaN(at.getTime()) ? undefined : at;
}
