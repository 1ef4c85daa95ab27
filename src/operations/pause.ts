import type { Channel } from '../channels.ts';
import { releaseBrake, releaseForPerson } from '../db/brake.ts';
import { type Control, readControl, setPaused } from '../db/control.ts';
import { type BrakeStates, readBrakeStates } from '../db/reads/brakeStates.ts';
import type { OperationDeps } from './operationDeps.ts';

/** How the pause and the brakes stand. */
export interface SwitchFacts extends Control {
  readonly brakes: BrakeStates;
}

/** How they stand after a change. */
export interface ChangedSwitches extends SwitchFacts {
  /** False: they stood so already. */
  readonly changed: boolean;
}

export async function readSwitches({ database }: Pick<OperationDeps, 'database'>): Promise<SwitchFacts> {
  const control = await readControl(database);
  return { ...control, brakes: await readBrakeStates(database) };
}

export interface PauseRequest {
  /** `person <name>` */
  readonly actor: string;
  /** No personal data. */
  readonly reason?: string | undefined;
}

/** Pauses the whole cluster: dispatchers finish what is handed off and start nothing more. */
export async function pause(
  { database }: Pick<OperationDeps, 'database'>,
  { actor, reason }: PauseRequest,
): Promise<ChangedSwitches> {
  const changed = await setPaused(database, true, { by: actor, reason });
  return { ...(await readSwitches({ database })), changed };
}

export interface ResumeRequest extends PauseRequest {
  /** Releases this channel's brake. */
  readonly channel?: Channel | undefined;
  /** Releases the brakes that wait for a person: refusals and turns to SMS. */
  readonly fallback?: boolean | undefined;
}

/** Releases the brakes that are named, or ends the pause if none is. */
export async function resume(
  { database }: Pick<OperationDeps, 'database'>,
  { actor, reason, channel, fallback = false }: ResumeRequest,
): Promise<ChangedSwitches> {
  const signed = { by: actor, reason };
  const before = await readBrakeStates(database);
  const released = [
    ...(fallback ? await releaseForPerson(database, signed) : []),
    ...(channel === undefined ? [] : await releaseBrake(database, channel, signed)),
  ];
  const endsPause = !fallback && channel === undefined;
  const changed = endsPause
    ? await setPaused(database, false, signed)
    : released.some((name) => before[name].on);
  return { ...(await readSwitches({ database })), changed };
}
