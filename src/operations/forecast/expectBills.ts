import { type Channel, channels } from '../../channels.ts';
import type { Database } from '../../db/database.ts';
import type { HeldBill } from '../../db/reads/heldPages.ts';
import type { LoadedTexts } from '../../db/source/billLoader.ts';
import { findUnwantedAddresses, type UnwantedAddress } from '../../db/unwantedAddresses.ts';
import type { Ladder, Place } from '../../ladder.ts';
import { domainOf } from '../../lib/domainOf.ts';
import type { AddressHasher } from '../../policy/addressHasher.ts';
import { formOf } from '../../policy/messagePrice.ts';
import { quietMsLeft } from '../../policy/quietHours.ts';
import type { RenderPool, SendableBill } from '../../pool/renderPool.ts';
import type { BillModel } from '../../render/bill/billModel.ts';
import type { UnpreparableBill } from '../../render/bill/renderedBill.ts';
import {
  afterObstacle,
  type ExpectedBill,
  type ExpectedMessage,
  type Obstacle,
  type Turn,
} from './expectedBill.ts';

/** What bills are tried with: the same as on the path, but nothing is encoded, changed or sent. */
export interface ExpectDeps {
  readonly database: Database;
  readonly renderPool: RenderPool;
  readonly model: BillModel;
  readonly addressHasher: AddressHasher;
  readonly ladder: Ladder;
  readonly timeZone: string;
  /** The time for quiet hours. */
  readonly now: Date;
}

export interface LoadedHeld {
  readonly held: HeldBill;
  readonly loaded: LoadedTexts;
}

/** A bill that is tried on a channel. */
interface Tried extends LoadedHeld {
  readonly place: Place;
  readonly first: Channel;
  readonly turns: readonly Turn[];
}

/**
 * Renders bills by their first channels, then those that cannot go out that way by the next channel, and so
 * on. That is what the path will do if every provider accepts. A bill is rendered exactly as it will be sent,
 * so what fails here fails there.
 */
export async function expectBills(deps: ExpectDeps, bills: readonly LoadedHeld[]): Promise<ExpectedBill[]> {
  const ended: ExpectedBill[] = [];
  let tried = bills.map((bill) => startOf(deps.ladder, bill));
  while (tried.length > 0) {
    const turned: Tried[] = [];
    for (const [channel, part] of Map.groupBy(tried, ({ place }) => place.channel)) {
      const tries = await tryChannel(deps, channel, part);
      for (const [index, bill] of part.entries()) {
        const step = stepOf(deps, bill, tries[index] ?? crashed);
        if ('place' in step) turned.push(step);
        else ended.push(step);
      }
    }
    tried = turned;
  }
  return ended;
}

/** Starts where the release will put the bill: on its row's own channel, if the settings name it. */
function startOf({ order }: Ladder, bill: LoadedHeld): Tried {
  const channel = order.includes(bill.held.channel) ? bill.held.channel : order[0];
  return { ...bill, place: { channel, passed: null }, first: channel, turns: [] };
}

/** What follows from a try: the bill's end, or its next try. */
function stepOf(deps: ExpectDeps, bill: Tried, tried: ExpectedMessage | Obstacle): Tried | ExpectedBill {
  if (tried.kind === 'goes') return expectedOf(deps, bill, tried);
  const after = afterObstacle(deps.ladder, bill.place, tried);
  return 'to' in after ? turnedBy(bill, after) : expectedOf(deps, bill, after);
}

function turnedBy(bill: Tried, turn: Turn): Tried {
  const passed = [...(bill.place.passed ?? []), turn.from];
  return { ...bill, place: { channel: turn.to, passed }, turns: [...bill.turns, turn] };
}

function expectedOf({ model }: ExpectDeps, bill: Tried, end: ExpectedBill['end']): ExpectedBill {
  const { held, first, turns, loaded } = bill;
  const read = model.read(loaded.text);
  const figures = read.kind === 'complete' ? model.figuresOf(read.bill) : undefined;
  const { billId, amount, currency } = held;
  return { billId, first, turns, amount, currency, figures, end };
}

const crashed: UnpreparableBill = { kind: 'unpreparable', reason: 'RENDER_CRASHED', detail: '' };

/** Per bill, in their order: its message, or what prevents it. */
async function tryChannel(
  deps: ExpectDeps,
  channel: Channel,
  part: readonly Tried[],
): Promise<(ExpectedMessage | Obstacle)[]> {
  const unwanted = await findUnwantedAddresses(
    deps.database,
    channel,
    part.map(({ held }) => held),
  );
  const messages = await renderAll(deps, channel, part);
  const tries = part.map((bill, index) => {
    const message = messages[index] ?? crashed;
    if (message.kind === 'unpreparable') return message;
    const found = unwanted
      .get(bill.held.billId)
      ?.find(({ hash }: UnwantedAddress) => deps.addressHasher.isOf(hash, channel, message.to));
    if (found !== undefined) return { kind: 'unwanted' as const, why: found.why };
    return messageOf(deps, bill, message);
  });
  for (const message of messages) if (message.kind === 'email') message.release();
  return tries;
}

async function renderAll(
  { renderPool }: ExpectDeps,
  channel: Channel,
  part: readonly Tried[],
): Promise<(SendableBill | UnpreparableBill)[]> {
  const bills = part.map(({ held, loaded }) => ({
    text: loaded.text,
    bill: { claim: { ...held, channel } },
  }));
  const outcomes = await renderPool.render(channel, bills);
  return Promise.all(
    outcomes.map((outcome, index) => {
      const bill = bills[index];
      if (outcome.kind !== 'suspect') return outcome;
      return bill === undefined ? crashed : renderPool.renderSuspect(channel, bill);
    }),
  );
}

function messageOf(
  { ladder, timeZone, now }: ExpectDeps,
  { place: { channel }, loaded: { quietHours } }: Tried,
  message: SendableBill,
): ExpectedMessage {
  const keepsQuiet = ladder.rules[channel].keepsQuietHours;
  return {
    kind: 'goes',
    channel,
    form: formOf(channel, 'isLms' in message && message.isLms === true),
    bytes: bytesOf(message),
    domain: channels[channel].contact === 'email' ? domainOf(message.to) : undefined,
    quietMs: keepsQuiet && quietHours !== undefined ? quietMsLeft(quietHours, now, timeZone) : 0,
  };
}

function bytesOf(message: SendableBill): number {
  switch (message.kind) {
    case 'email':
      return message.html.length;
    case 'text':
      return message.bytes;
    case 'encoded':
      return message.body.length;
    default:
      return message satisfies never;
  }
}
