import { type Channel, channels } from '../../channels.ts';
import type { View } from './explanation.ts';

/** A channel as people call it. */
export function wayOf(channel: Channel): string {
  return channels[channel].label;
}

/** `Now`, or `At 2026-11-25 09:00:05 (in 4 min)`. */
export function when(at: Date, { time, now }: Pick<View, 'time' | 'now'>): string {
  const ms = at.getTime() - now.getTime();
  return ms <= 0 ? 'Now' : `At ${time(at)} (in ${spanText(ms)})`;
}

/** A duration, rounded up: `90 s`, `5 min`, `2 h 30 min`, `3 h`. */
export function spanText(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = `${Math.floor(minutes / 60)} h`;
  return minutes % 60 === 0 ? hours : `${hours} ${minutes % 60} min`;
}
