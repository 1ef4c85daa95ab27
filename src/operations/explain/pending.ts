import { contactLabelOf } from '../../channels.ts';
import { firstChannel } from '../../ladder.ts';
import type { ExplainedBill, Next, Stand } from './explanation.ts';
import { becauseOf, turnReasons } from './reasons.ts';
import { stoppedNext } from './switches.ts';
import { wayOf, when } from './wording.ts';

/** Explains a bill that is held, waits for a time, or is on its way to a dispatcher. */
export function pending(view: ExplainedBill): Stand {
  const { bill, time, now } = view;
  if (bill.publishStatus === 'HELD') {
    return {
      standing: ['It is held: it is not sent before it is released.'],
      next: view.early.length > 0 ? releaseByEvent(view) : (releaseByRun(view) ?? release(view)),
    };
  }
  const standing = turnSentences(view);
  const waits = bill.notBefore !== null && bill.notBefore > now;
  if (waits && bill.notBefore) standing.push(`It waits until ${time(bill.notBefore)}.`);
  else standing.push(eventSentence(view));
  return { standing, next: stoppedNext(view) ?? (waits ? afterWaiting(view) : onItsWay(view)) };
}

/** The next step by the newest run that names the bill. */
function releaseByRun({ runs = [] }: ExplainedBill): Next | undefined {
  const [newest] = runs;
  if (newest === undefined) return undefined;
  const { run, state } = newest;
  const show = `\`billcast run show ${run}\` says more`;
  return state === 'RUNNING'
    ? {
        step: 'WAIT',
        by: 'dispatcher',
        at: null,
        text: `Run ${run} releases it when its turn comes; ${show}.`,
      }
    : { step: 'RELEASE', by: 'person', at: null, text: `Run ${run} names it and is ${state}; ${show}.` };
}

function release({ bill: { month }, fourEyes = false }: ExplainedBill): Next {
  const command = `billcast ${fourEyes ? 'run create' : 'publish'}${month === null ? '' : ` --month ${month}`}`;
  return {
    step: 'RELEASE',
    by: 'person',
    at: null,
    text:
      `A person ${fourEyes ? 'plans a run of it' : 'releases it'} with \`${command}\`; ` +
      'an event for it from another system does so too.',
  };
}

function releaseByEvent({ now }: ExplainedBill): Next {
  return {
    step: 'RELEASE',
    by: 'sweeper',
    at: now,
    text: 'An event for it came earlier and was kept, so the sweeper releases it within seconds.',
  };
}

function turnSentences(view: ExplainedBill): string[] {
  const { bill, billId, ladder } = view;
  const first = firstChannel(ladder);
  const sentences = [turnSentence(view)];
  if (bill.channel !== first) {
    sentences.push(
      `Before it is handed off, \`billcast retry --channel ${first.toLowerCase()} --bill ${billId}\` ` +
        `turns it back to ${wayOf(first)}.`,
    );
  }
  return sentences;
}

/** How a person started a cycle, by the outcomes of the journal. */
const personsStarts: ReadonlyMap<string, string> = new Map([
  ['RESENT', 'a person had a delivered bill sent again'],
  ['TURNED_BACK', 'a person turned it back to the first channel'],
]);

/** Why the bill is pending on this channel and in this cycle. */
function turnSentence({ bill, journal }: ExplainedBill): string {
  const { channel, passed, cycle, attempts, reason } = bill;
  const way = wayOf(channel);
  const previous = passed?.at(-1);
  if (previous !== undefined && reason === 'NO_CONTACT') {
    return `The member has no ${contactLabelOf(previous)}, so it goes by ${way}.`;
  }
  if (previous !== undefined && reason !== null && turnReasons.includes(reason)) {
    return `It goes by ${way}, because ${becauseOf(reason)}.`;
  }
  const started = journal.findLast((entry) => entry.cycle === cycle && personsStarts.has(entry.outcome));
  if (started !== undefined && previous === undefined && attempts === 0) {
    return `Cycle ${cycle} has begun with the ${way}: ${personsStarts.get(started.outcome)}.`;
  }
  if (cycle > 1 && previous === undefined && attempts === 0) {
    return `Cycle ${cycle} has begun with the ${way}; before that ${becauseOf(reason) ?? 'it had failed'}.`;
  }
  if (reason !== null) return `It is to go by ${way}; the last time ${becauseOf(reason)}.`;
  return `It is to go by ${way}.`;
}

function eventSentence({ bill, time }: ExplainedBill): string {
  if (bill.publishStatus === 'PENDING') return 'Its event is owed and not published yet.';
  return bill.publishedAt === null
    ? 'Its event counts as published.'
    : `Its event was published at ${time(bill.publishedAt)} and waits for a dispatcher.`;
}

function afterWaiting({ bill, time, now }: ExplainedBill): Next {
  return {
    step: 'WAIT',
    by: 'relay',
    at: bill.notBefore,
    text:
      `${when(bill.notBefore ?? now, { time, now })} its event is published, and a dispatcher sends ` +
      `it by ${wayOf(bill.channel)}.`,
  };
}

function onItsWay({ bill, orphanAfterMs, time, now }: ExplainedBill): Next {
  const way = wayOf(bill.channel);
  if (bill.publishStatus === 'PENDING') {
    return {
      step: 'PUBLISH',
      by: 'relay',
      at: now,
      text: `The relay publishes its event within a second, and a dispatcher sends it by ${way}.`,
    };
  }
  const since = Math.max(bill.changedAt.getTime(), bill.publishedAt?.getTime() ?? 0);
  const orphanAt = new Date(since + orphanAfterMs);
  return {
    step: 'CLAIM',
    by: 'dispatcher',
    at: null,
    text:
      `A dispatcher claims it when its turn comes, and sends it by ${way}. If its event was lost, ` +
      `it is published again: ${when(orphanAt, { time, now })} at the earliest, after all older ` +
      'events are consumed.',
  };
}
