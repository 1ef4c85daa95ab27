import type { HeldElsewhere } from '../db/reads/heldByMonth.ts';
import { counted } from '../lib/counted.ts';

const monthsShown = 3;

/** Pure: why a month had nothing to publish, and what there is instead. */
export function nothingHeldText(month: string, { ofMonth, unregistered, held }: HeldElsewhere): string {
  return `${whyNothing(month, ofMonth, unregistered)} ${heldText(held)}`;
}

function whyNothing(month: string, ofMonth: number, unregistered: number): string {
  if (ofMonth === 0) return `There are no bills of ${month}.`;
  const known = ofMonth - unregistered;
  const wait = unregistered === 1 ? 'waits' : 'wait';
  const missing =
    `${counted(unregistered, 'bill')} of ${month} ${wait} for ` + `\`billcast register --month ${month}\`.`;
  if (known === 0) return missing;
  const released = `No bill of ${month} is held any more: all ${counted(known, 'known bill')} were released or cancelled.`;
  return unregistered === 0 ? released : `${released} ${missing}`;
}

function heldText(held: HeldElsewhere['held']): string {
  const [first] = held;
  if (first === undefined) return 'Nothing of other months is held.';
  const shown = held
    .slice(0, monthsShown)
    .map(({ month, bills }) => `${month ?? 'no month'} (${counted(bills, 'bill')})`);
  const more = held.length > monthsShown ? `, and ${counted(held.length - monthsShown, 'more month')}` : '';
  return `Held are bills of ${shown.join(', ')}${more}.`;
}
