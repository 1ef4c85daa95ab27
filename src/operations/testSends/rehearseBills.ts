import { type Channel, channels } from '../../channels.ts';
import type { SafeMode } from '../../config/safeModeConfig.ts';
import type { SelectedBill } from '../../db/runs/billsOfRun.ts';
import type { TestSender } from '../../db/runs/testSends.ts';
import { firstChannel, type Ladder, nextChannel } from '../../ladder.ts';
import { isListed } from '../../policy/recipient.ts';
import type { TestMark } from '../../providers/provider.ts';
import type { TestBill } from './renderTests.ts';
import { sendTests, type TestResult } from './sendTests.ts';
import type { TestSending } from './testSending.ts';

export interface RehearsalPage {
  readonly sender: TestSender;
  /** The run's id. */
  readonly runId: string;
  readonly safeMode: SafeMode;
  readonly bills: readonly SelectedBill[];
  /** The most messages that may be sent. */
  readonly atMost: number;
  /** The number of the page. A channel's providers take turns by it. */
  readonly page: number;
}

/**
 * Sends some bills as a run would, but only to recipients that the safe mode names. Each goes out by its
 * first channel, or by the next one if the member has no address for it. Each is sent at most once, and no
 * row of a bill changes.
 * @returns what became of them, in their order
 */
export async function rehearseBills(
  deps: TestSending,
  { sender, runId, safeMode, bills, atMost, page }: RehearsalPage,
): Promise<TestResult[]> {
  const { ladder } = deps.config;
  const results = new Map<SelectedBill, TestResult>();
  const at = new Map<Channel, SelectedBill[]>();
  for (const bill of bills) add(at, startOf(ladder, bill), bill);
  let left = atMost;
  const settle = (bill: SelectedBill, channel: Channel, result: TestResult): void => {
    const next = nextOf(ladder, channel, result);
    if (next === undefined) results.set(bill, result);
    else add(at, next, bill);
  };
  for (const channel of ladder.order) {
    const here = at.get(channel) ?? [];
    const open = deps.providers[channel][page % deps.providers[channel].length];
    if (here.length === 0 || open === undefined) continue;
    const test = rehearsalMark(runId, channel, safeMode);
    const sent = await sendTests(deps, {
      sender,
      requests: here.map((bill) => ({ bill: billOf(bill), channel, test })),
      open,
      isWanted: (to) => mayGetIt(safeMode, channel, to),
      atMost: left,
    });
    left -= sent.filter(({ kind }) => !unsent.has(kind)).length;
    for (const [index, bill] of here.entries()) settle(bill, channel, sent[index] ?? { kind: 'before' });
  }
  return bills.map((bill) => results.get(bill) ?? { kind: 'before' });
}

/** Results that do not count towards the limit. */
const unsent: ReadonlySet<TestResult['kind']> = new Set(['unpreparable', 'unwanted', 'beyondLimit']);

function add(at: Map<Channel, SelectedBill[]>, channel: Channel, bill: SelectedBill): void {
  const bills = at.get(channel);
  if (bills === undefined) at.set(channel, [bill]);
  else bills.push(bill);
}

function billOf({ billId, memberId, cycle }: SelectedBill): TestBill {
  return { billId, memberId, cycle };
}

function startOf(ladder: Ladder, { channel }: SelectedBill): Channel {
  return ladder.order.includes(channel) ? channel : firstChannel(ladder);
}

function nextOf(ladder: Ladder, channel: Channel, result: TestResult): Channel | undefined {
  const isUnaddressed = result.kind === 'unpreparable' && result.reason === 'NO_CONTACT';
  return isUnaddressed ? nextChannel(ladder, { channel, passed: null }, 'noContact') : undefined;
}

const prefix = '[REHEARSAL] ';

/** The end of a rehearsal's keys. */
export function rehearsalSuffix(runId: string): string {
  return `rehearsal:${runId}`;
}

/**
 * The mark of a rehearsal's messages. An AlimTalk text gets none: its provider takes only texts that were
 * reviewed.
 */
export function rehearsalMark(runId: string, channel: Channel, { redirectTo }: SafeMode): TestMark {
  const { contact, forms } = channels[channel];
  return {
    keySuffix: rehearsalSuffix(runId),
    to: redirectTo?.[contact],
    subjectPrefix: prefix,
    textPrefix: forms.includes('sms') ? prefix : '',
  };
}

/** @param to the member's contact */
export function mayGetIt({ onlyTo, redirectTo }: SafeMode, channel: Channel, to: string): boolean {
  const { contact } = channels[channel];
  if (redirectTo !== undefined && redirectTo[contact] === undefined) return false;
  return onlyTo === undefined || isListed(onlyTo, contact, to);
}
