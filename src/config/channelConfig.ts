import { z } from 'zod';
import { type StepFailure, stepFailures } from '../channelModule.ts';
import { type Channel, channelNames, ownChannels, perChannel, usualOrder } from '../channels.ts';
import { defaultRules, type Ladder, type StepRules } from '../ladder.ts';

const order = namesOf<Channel>(channelNames, 'channel');
/** `none` means no failure at all. An empty setting could not say that: it counts as unset. */
const escalates = namesOf<StepFailure | 'none'>([...stepFailures, 'none'], 'failure');
const span = z
  .string()
  .regex(/^\d{1,6}[smhd]$/, 'wants a number and s, m, h or d, such as 3d')
  .transform((text) => Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? 0));
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

type RuleShape = Readonly<
  Record<`CHANNEL_${Channel}_ESCALATES`, z.ZodOptional<typeof escalates>> &
    Record<`CHANNEL_${Channel}_RECEIPT_WITHIN`, z.ZodOptional<typeof span>> &
    Record<`CHANNEL_${Channel}_QUIET_HOURS`, z.ZodOptional<z.ZodCodec<z.ZodString, z.ZodBoolean>>>
>;

/** The settings of the channels, as a part of the schema of all settings. */
export const channelShape = {
  CHANNEL_MODULES: z.string().optional(),
  CHANNELS: order.default([...usualOrder]),
  ...(Object.fromEntries(
    channelNames.flatMap((channel) => [
      [`CHANNEL_${channel}_ESCALATES`, escalates.optional()],
      [`CHANNEL_${channel}_RECEIPT_WITHIN`, span.optional()],
      [`CHANNEL_${channel}_QUIET_HOURS`, z.stringbool().optional()],
    ]),
  ) as RuleShape),
};

type ChannelSettings = z.infer<z.ZodObject<typeof channelShape>>;

/** @param setting the value of `CHANNEL_MODULES` now */
export function channelModuleProblems(setting: string | undefined): readonly string[] {
  if (setting === undefined || setting === ownChannels.setting) return ownChannels.problems;
  return [
    'CHANNEL_MODULES is read when the process starts: set it in its environment, or in .env of its working folder',
  ];
}

export function ladderOf(env: ChannelSettings): Ladder {
  const [first, ...others] = env.CHANNELS;
  if (first === undefined) throw new RangeError('CHANNELS is empty');
  return { order: [first, ...others], rules: perChannel((channel) => rulesOf(env, channel)) };
}

function rulesOf(env: ChannelSettings, channel: Channel): StepRules {
  const rules = defaultRules(channel);
  const named = env[`CHANNEL_${channel}_ESCALATES`];
  return {
    escalates: named?.filter((failure) => failure !== 'none') ?? rules.escalates,
    receiptWithinMs: env[`CHANNEL_${channel}_RECEIPT_WITHIN`] ?? rules.receiptWithinMs,
    keepsQuietHours: env[`CHANNEL_${channel}_QUIET_HOURS`] ?? rules.keepsQuietHours,
  };
}

/** Names from a list, separated by commas, each at most once. */
function namesOf<Name extends string>(known: readonly Name[], word: string) {
  return z.string().transform((text, context): Name[] => {
    const parts = text.split(',').map((part) => part.trim().toLowerCase());
    const names = parts.map((part) => known.find((name) => name.toLowerCase() === part));
    const found = names.filter((name) => name !== undefined);
    const twice = found.find((name, index) => found.indexOf(name) !== index);
    const unknown = parts[names.indexOf(undefined)];
    if (unknown !== undefined) {
      const message = `has no ${word} ${unknown}: choose from ${known.join(', ')}`;
      context.addIssue({ code: 'custom', message });
    }
    if (twice !== undefined) context.addIssue({ code: 'custom', message: `names ${twice} twice` });
    return found;
  });
}
