import type { BillId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Thrown } from '../../db/control.ts';
import type { RouteBrake } from '../../db/reads/brakeStates.ts';
import { firstChannel } from '../../ladder.ts';
import { needsPerson } from '../../policy/brake/verdict.ts';
import { type ListedBrake, listBrakes, usedBrakes } from '../brakeList.ts';
import type { ExplainedBill, Next, View } from './explanation.ts';
import { wayOf, when } from './wording.ts';

/** Sentences about the pause and the brakes. They concern the whole cluster, whatever the bill's state. */
export function switchSentences({ control, brakes, ladder, time }: View): string[] {
  const sentences = listBrakes<RouteBrake>(usedBrakes(ladder, brakes)).flatMap((listed) =>
    listed.brake.on ? [`${brakeText(listed, time)}.`] : [],
  );
  return control.pause === null
    ? sentences
    : [`Sending is paused ${thrownText(control.pause, time)}.`, ...sentences];
}

/** What stops this bill, the pause first. */
export function stoppedNext(view: ExplainedBill): Next | undefined {
  const { bill, billId, control, brakes, ladder, time, now } = view;
  const resume = (command: string, what: string): Next => ({
    step: 'RESUME',
    by: 'person',
    at: null,
    text: `${what}; \`billcast ${command}\` ends that.`,
  });
  if (control.pause) return resume('resume', 'It waits while sending is paused');
  if (!ladder.order.includes(bill.channel)) return unused(billId, bill.channel, firstChannel(ladder));
  const { kind, nextTrialAt } = brakes[bill.channel];
  if (kind === null || kind === 'pace') return undefined;
  const command = resumeCommand({ channel: bill.channel, provider: null });
  if (needsPerson(kind)) {
    return resume(command, 'It waits until a person has found out why these bills fail');
  }
  const tried = nextTrialAt === null ? 'now and then' : when(nextTrialAt, { time, now }).toLowerCase();
  return resume(
    command,
    `It waits until the provider takes bills by ${wayOf(bill.channel)} again; one bill tries that ${tried}`,
  );
}

/** The next step if `CHANNELS` does not name the bill's channel. */
function unused(billId: BillId, channel: Channel, first: Channel): Next {
  return {
    step: 'RETRY',
    by: 'person',
    at: null,
    text:
      `It waits, because CHANNELS does not name ${channel}. It goes on if the channel comes back; \`billcast retry ` +
      `--channel ${first.toLowerCase()} --bill ${billId}\` sends it by ${wayOf(first)} instead, in its next cycle.`,
  };
}

/** The facts about a brake that are shown. `status` leaves out who put it on. */
export type ShownBrake = Pick<RouteBrake, 'on' | 'since' | 'kind' | 'cause'> & {
  readonly by?: string | null;
};

/** The command that releases a brake: `resume --channel EMAIL`. */
export function resumeCommand({
  channel,
  provider,
}: Pick<ListedBrake<unknown>, 'channel' | 'provider'>): string {
  return provider === null
    ? `resume --channel ${channel}`
    : `resume --channel ${channel} --provider ${provider}`;
}

/** `Sending by e-mail is stopped since 09:00:05, by dispatcher host:1: the provider ...: HTTP 500` */
export function brakeText({ channel, provider, brake }: ListedBrake<ShownBrake>, time: View['time']): string {
  const { kind, cause, since, by } = brake;
  const way = provider === null ? wayOf(channel) : `${wayOf(channel)} through ${provider}`;
  if (kind === null) return `Sending by ${way} is not stopped`;
  const what = kind === 'pace' ? `Sending by ${way} is slowed down` : `Sending by ${way} is stopped`;
  const signed = `${since === null ? '' : ` since ${time(since)}`}${by ? `, by ${by}` : ''}`;
  return `${what}${signed}: ${kindText(kind)}${cause === null ? '' : `: ${cause}`}`;
}

function kindText(kind: Exclude<RouteBrake['kind'], null>): string {
  switch (kind) {
    case 'unreachable':
      return 'the provider is unreachable, or takes nothing';
    case 'unknown':
      return 'the provider does not say whether it accepts bills';
    case 'settings':
      return 'the provider, or a proxy in front of it, refuses our settings';
    case 'refusals':
      return 'too many bills are refused';
    case 'smsTurns':
      return 'too many bills turn to the next channel';
    case 'pace':
      return 'the provider asks for fewer bills at a time';
    default:
      return kind satisfies never;
  }
}

/** `since 2026-11-25 09:00:05, by person alice: maintenance` */
export function thrownText({ since, by, reason }: Thrown, time: View['time']): string {
  return `since ${time(since)}, by ${by}${reason === null ? '' : `: ${reason}`}`;
}
