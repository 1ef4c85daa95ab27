import { z } from 'zod';
import type { Notice } from '../../db/notices/noticeOutbox.ts';
import type { NoticedRun, UntoldRunEvent } from '../../db/notices/untoldRunEvents.ts';
import { moneyText } from '../../lib/moneyText.ts';
import { heldByPerson } from '../../runs/runState.ts';
import { bills, capital, dateOf, inThousands, timeOf } from './noticeText.ts';

/** The facts of an event that are read here. Other facts are for other readers. */
const factsShape = z
  .object({
    bills: z.number(),
    sent: z.number(),
    sentBefore: z.number(),
    addresses: z.number(),
    unpreparable: z.number(),
    refused: z.number(),
    notSent: z.number(),
    unknown: z.number(),
    delivered: z.number(),
    failed: z.number(),
    inDoubt: z.number(),
    cancelled: z.number(),
    gates: z.array(z.unknown()),
    help: z.array(z.string()),
    expectedEnd: z.string().nullable(),
    attempts: z.number(),
    root: z.string(),
  })
  .partial()
  .catch({});

type Facts = z.infer<typeof factsShape>;

interface Told {
  readonly run: NoticedRun;
  readonly actor: string;
  readonly facts: Facts;
  readonly time: (at: Date) => string;
}

interface Words {
  readonly kind: string;
  readonly title: string;
  readonly lines: readonly string[];
}

/** By the event's name; undefined: people get no notice of this event. */
const wordsOf: Readonly<Record<string, (told: Told) => Words | undefined>> = {
  created: waits,
  changed: waits,
  approved: ({ run, actor }) => ({
    kind: 'runApproved',
    title: `Run ${run.id} is approved`,
    lines: [`Approved by ${actor}: ${planned(run)}.`, `Start it: billcast run start ${run.id}`],
  }),
  started: ({ run, actor }) => ({
    kind: 'runStarted',
    title: `Run ${run.id} has started`,
    lines: [
      `Started by ${actor}: ${planned(run)}.`,
      run.hasCanary ? 'Its canary goes first, and the rest waits for its gates.' : 'It has no canary.',
    ],
  }),
  published: ({ run, actor }) => ({
    kind: 'runStarted',
    title: `Bills are released: run ${run.id}`,
    lines: [`Released by ${actor}, without a canary${run.bills === null ? '' : `: ${planned(run)}`}.`],
  }),
  canaryReleased: ({ run, facts }) => ({
    kind: 'runCanaryOut',
    title: `The canary of run ${run.id} is out`,
    lines: [`It has ${bills(facts.bills ?? null)}. The rest waits for the gates.`],
  }),
  gatesPassed: ({ run, facts }) =>
    facts.gates === undefined
      ? undefined
      : {
          kind: 'runCanaryGood',
          title: `The canary of run ${run.id} is good`,
          lines: [`The rest is released: ${left(run)}.`],
        },
  paused: held,
  resumed: ({ run, actor }) => ({
    kind: 'runResumed',
    title: `Run ${run.id} goes on`,
    lines: [`Resumed by ${actor}. ${capital(left(run))}.`],
  }),
  deadlineInDanger: ({ run, facts, time }) => ({
    kind: 'runLate',
    title: `Run ${run.id} will end after its deadline`,
    lines: [
      `The deadline is ${timeOf(run.deadline, time)}, the expected end ${timeOf(dateOf(facts.expectedEnd), time)}. ` +
        `${capital(left(run))}.`,
      ...helpLines(facts),
    ],
  }),
  deadlinePassed: ({ run, facts, time }) => ({
    kind: 'runOverdue',
    title: `The deadline of run ${run.id} is over`,
    lines: [`It was ${timeOf(run.deadline, time)}. ${capital(left(run))}.`, ...helpLines(facts)],
  }),
  done: ({ run, facts }) => (run.kind === 'REHEARSAL' ? rehearsed(run, facts) : done(run, facts)),
  manifest: ({ run, facts: { attempts = 0, root = '' } }) =>
    run.kind === 'PUBLISHED'
      ? undefined
      : {
          kind: 'runManifest',
          title: `The manifest of run ${run.id} is made`,
          lines: [`One hash over the ${inThousands(attempts)} messages that were accepted. Keep it: ${root}`],
        },
  signed: ({ run, actor }) => ({
    kind: 'runSigned',
    title: `The report of run ${run.id} is signed`,
    lines: [`Signed by ${actor}.`],
  }),
  closed: ({ run, actor }) => ({
    kind: 'runClosed',
    title: `Run ${run.id} is closed`,
    lines: [`Closed by ${actor}. Nothing of it changes any more.`],
  }),
  seedsSent: ({ run, facts }) => ({
    kind: 'runSeeds',
    title: `The seed addresses have the bills of run ${run.id}`,
    lines: [`${sentText(facts)} Look at them before the run goes on.`],
  }),
  seedsFailed: ({ run, facts }) => ({
    kind: 'runSeeds',
    title: `No seed address got a bill of run ${run.id}`,
    lines: [sentText(facts), `See why: billcast run show ${run.id}`],
  }),
};

/** The events of which people get notices. */
export const noticedEvents: readonly string[] = Object.keys(wordsOf);

/** Pure. It contains only numbers and our own words: a reason that a person wrote may name a member. */
export function runNotice(
  { key, at, what, actor, facts, run }: UntoldRunEvent,
  time: (at: Date) => string,
): Notice | undefined {
  const words = wordsOf[what]?.({ run, actor, facts: factsShape.parse(facts), time });
  return words && { key, at, subject: run.id, path: `/runs/${run.id}`, ...words };
}

function waits({ run, actor }: Told): Words {
  const others = run.fourEyes
    ? `Another person than ${run.requestedBy} has to approve it.`
    : 'It has to be approved.';
  return {
    kind: 'runWaits',
    title: `Run ${run.id} waits for approval`,
    lines: [`Planned by ${actor}: ${planned(run)}.`, `${others} Read it: billcast run show ${run.id}`],
  };
}

function held({ run, actor }: Told): Words {
  const resume = `billcast run resume ${run.id} --reason "..."`;
  const out = `Nothing more of it is released: ${left(run)}.`;
  if (run.hold === null || run.hold === heldByPerson) {
    return {
      kind: 'runHeld',
      title: `Run ${run.id} is paused`,
      lines: [`Paused by ${actor}. ${out}`, `To go on: ${resume}`],
    };
  }
  const isGood = run.hold === 'CANARY_WAITS';
  return {
    kind: 'runHeld',
    title: isGood ? `The canary of run ${run.id} waits for you` : `Run ${run.id} is held: ${run.hold}`,
    lines: [
      ...(run.holdDetail === null ? [] : [`${capital(run.holdDetail)}.`]),
      out,
      isGood ? `To let the rest go: ${resume}` : `Find out why. If it may go on: ${resume}`,
    ],
  };
}

function done(run: NoticedRun, { delivered, failed, inDoubt, cancelled }: Facts): Words {
  const ends = [
    [delivered, 'delivered'],
    [failed, 'failed'],
    [inDoubt, 'in doubt'],
    [cancelled, 'cancelled'],
  ] as const;
  const counts = ends.flatMap(([count, what]) =>
    count === undefined ? [] : [`${inThousands(count)} ${what}`],
  );
  return {
    kind: 'runDone',
    title: `Run ${run.id} is done`,
    lines: [
      `${capital(left(run))}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}.`,
      `See what became of them: billcast run show ${run.id}`,
    ],
  };
}

function rehearsed(run: NoticedRun, facts: Facts): Words {
  return {
    kind: 'runDone',
    title: `The rehearsal ${run.id} is done`,
    lines: [`It looked at ${bills(facts.bills ?? null)}. ${sentText(facts)} No member got one.`],
  };
}

/** `1,200 bills, KRW 45,000,000 in all`; without the sum if there are several currencies. */
function planned({ bills: count, amount, currency }: NoticedRun): string {
  return amount === null || currency === null
    ? bills(count)
    : `${bills(count)}, ${moneyText(amount, currency)} in all`;
}

function left({ released, bills: count }: NoticedRun): string {
  if (count !== null) return `${inThousands(released)} of ${bills(count)} are released`;
  return `${bills(released)} ${released === 1 ? 'is' : 'are'} released`;
}

function sentText({
  sent = 0,
  sentBefore = 0,
  unpreparable = 0,
  refused = 0,
  notSent = 0,
  unknown = 0,
}: Facts): string {
  const others = [
    [unpreparable, 'cannot be printed'],
    [refused, 'were refused'],
    [notSent, 'were not sent'],
    [unknown, 'are in doubt'],
  ] as const;
  const words = others.flatMap(([count, what]) => (count === 0 ? [] : [`${inThousands(count)} ${what}`]));
  return `${[`${inThousands(sent + sentBefore)} messages were sent`, ...words].join(', ')}.`;
}

function helpLines({ help = [] }: Facts): string[] {
  return help.length === 0 ? [] : [`What helps: ${help.join('; ')}.`];
}
