import { InvalidArgumentError } from 'commander';
import type { BillId } from '../bill.ts';
import { type Channel, channelNames } from '../channels.ts';
import { mostBrokers } from '../embedded/kafkaNodes.ts';
import { readWholeNumber } from '../lib/wholeNumber.ts';
import { keyOfBill } from './billKeys.ts';

/** The id of something that a list shows. */
export function parseUuid(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) {
    throw new InvalidArgumentError('must be an id that the list shows.');
  }
  return text;
}

/** A positive integer. */
export function parseCount(text: string): number {
  const count = readWholeNumber(text, 1);
  if (count === undefined) throw new InvalidArgumentError('must be a positive integer.');
  return count;
}

/** A whole number, 0 or more. */
export function parseWhole(text: string): number {
  const whole = readWholeNumber(text, 0);
  if (whole === undefined) throw new InvalidArgumentError('must be a whole number, 0 or more.');
  return whole;
}

/** How many brokers the embedded Kafka has. */
export function parseBrokers(text: string): number {
  const brokers = parseCount(text);
  if (brokers > mostBrokers) throw new InvalidArgumentError(`must be at most ${mostBrokers}.`);
  return brokers;
}

/** A TCP port; 0 for any free one. */
export function parsePort(text: string): number {
  const port = parseWhole(text);
  if (port > 65_535) throw new InvalidArgumentError('must be a port, up to 65535.');
  return port;
}

/** One of these words. */
export function parseOneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((one) => one === text);
    if (word === undefined) throw new InvalidArgumentError(`must be one of ${words.join(', ')}.`);
    return word;
  };
}

/** A channel by its name, in any case. */
export function parseChannel(text: string): Channel {
  const channel = channelNames.find((name) => name === text.toUpperCase());
  if (channel === undefined) throw new InvalidArgumentError(`must be one of ${channelNames.join(', ')}.`);
  return channel;
}

/** A share from 0 to 1. */
export function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1)) {
    throw new InvalidArgumentError('must be a share from 0 to 1.');
  }
  return share;
}

/** `YYYY-MM`, as the first day of that month: `YYYY-MM-01`. */
export function parseMonth(text: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) {
    throw new InvalidArgumentError('must be a month such as 2026-11.');
  }
  return `${text}-01`;
}

/** Collects bill ids, for an option that may be repeated. */
export function parseBillIds(text: string, previous: readonly BillId[] = []): BillId[] {
  return [...previous, parseBillId(text)];
}

const largestId = 2n ** 63n - 1n;

/**
 * A decimal number from 1 to 2^63 - 1. With `BILL_ID_KIND` also an id of the billing system, which
 * `numbersOf` turns into a number.
 */
export function parseBillId(text: string): BillId {
  const billId = isBillId(text) ? text : keyOfBill(text);
  if (billId === undefined) throw new InvalidArgumentError('must be the id of a bill.');
  return billId;
}

/** Whether this is a decimal number from 1 to 2^63 - 1, without leading zeros. */
export function isBillId(text: string): text is BillId {
  return /^[1-9]\d{0,18}$/.test(text) && BigInt(text) <= largestId;
}
