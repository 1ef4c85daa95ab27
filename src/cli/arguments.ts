import { InvalidArgumentError } from 'commander';
import type { BillId } from '../bill.ts';
import { mostBrokers } from '../embedded/kafkaNodes.ts';

/** A whole number from 1. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new InvalidArgumentError('wants a whole number from 1.');
  }
  return count;
}

/** A whole number from 0. */
export function parseWhole(text: string): number {
  const whole = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(whole)) {
    throw new InvalidArgumentError('wants a whole number from 0.');
  }
  return whole;
}

/** How many brokers the embedded Kafka has. */
export function parseBrokers(text: string): number {
  const brokers = parseCount(text);
  if (brokers > mostBrokers) throw new InvalidArgumentError(`wants at most ${mostBrokers}.`);
  return brokers;
}

/** A TCP port, 0 for one that is free. */
export function parsePort(text: string): number {
  const port = parseWhole(text);
  if (port > 65_535) throw new InvalidArgumentError('wants a port up to 65535.');
  return port;
}

/** A share from 0 to 1. */
export function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1)) {
    throw new InvalidArgumentError('wants a share from 0 to 1.');
  }
  return share;
}

/** `YYYY-MM`, as the first day of that month: `YYYY-MM-01`. */
export function parseMonth(text: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw new InvalidArgumentError('wants a month such as 2026-11.');
  return `${text}-01`;
}

/** A bill's id from the command line, as often as the option is repeated. */
export function parseBillIds(text: string, previous: readonly BillId[] = []): BillId[] {
  return [...previous, parseBillId(text)];
}

const largestId = 2n ** 63n - 1n;

/** A decimal number from 1 to 2^63 - 1. */
export function parseBillId(text: string): BillId {
  if (!isBillId(text)) throw new InvalidArgumentError('wants the number of a bill.');
  return text;
}

/** Whether this is a decimal number from 1 to 2^63 - 1, without leading zeros. */
export function isBillId(text: string): text is BillId {
  return /^[1-9]\d{0,18}$/.test(text) && BigInt(text) <= largestId;
}
