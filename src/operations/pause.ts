import type { Channel } from '../channels.ts';
import { releaseBrakes, releaseForPerson, selectBrakes } from '../db/brake.ts';
import { selectPaces } from '../db/channelOutcomes.ts';
import { type Control, readControl, setPaused } from '../db/control.ts';
import { type BrakeStates, readBrakeStates } from '../db/reads/brakeStates.ts';
import { BillcastError } from '../errors.ts';
import { type ProviderShares, type RouteName, routesOf } from '../providers/providerShares.ts';
import { usedBrakes } from './brakeList.ts';
import type { OperationDeps } from './operationDeps.ts';

/** The state of the pause and the brakes. */
export interface SwitchFacts extends Control {
  readonly brakes: Partial<BrakeStates>;
}

/** Their state after a change. */
export interface ChangedSwitches extends SwitchFacts {
  /** False if this was already so. */
  readonly changed: boolean;
}

type PauseDeps = Pick<OperationDeps, 'config' | 'database'>;

export async function readSwitches({ config, database }: PauseDeps): Promise<SwitchFacts> {
  const control = await readControl(database);
  return { ...control, brakes: usedBrakes(config.ladder, await readBrakeStates(database, config)) };
}

export interface PauseRequest {
  /** `person <name>` */
  readonly actor: string;
  /** The reason, without personal data. */
  readonly reason?: string | undefined;
}

/** Pauses the whole cluster: dispatchers finish what is handed off and start nothing more. */
export async function pause(deps: PauseDeps, { actor, reason }: PauseRequest): Promise<ChangedSwitches> {
  const changed = await setPaused(deps.database, true, { by: actor, reason });
  return { ...(await readSwitches(deps)), changed };
}

export interface ResumeRequest extends PauseRequest {
  /** Releases this channel's brake. */
  readonly channel?: Channel | undefined;
  /** Releases only the brake of this provider of the channel. */
  readonly provider?: string | undefined;
  /** Releases the brakes that wait for a person: refusals and turns to SMS. */
  readonly fallback?: boolean | undefined;
}

/**
 * Releases the brakes that are named, or ends the pause if none is.
 * @throws BillcastError USAGE for a provider that the channel does not have
 */
export async function resume(
  deps: PauseDeps,
  { actor, reason, channel, provider, fallback = false }: ResumeRequest,
): Promise<ChangedSwitches> {
  const { config, database } = deps;
  const signed = { by: actor, reason };
  const names = brakesToRelease(config.providers, channel, provider);
  if (!fallback && names.length === 0) {
    return { changed: await setPaused(database, false, signed), ...(await readSwitches(deps)) };
  }
  const before = new Set([
    ...(await selectBrakes(database)).map(({ brake }) => brake),
    ...(await selectPaces(database)).map(({ route }) => route),
  ]);
  const released = [
    ...(fallback ? await releaseForPerson(database, signed) : []),
    ...(names.length === 0 ? [] : await releaseBrakes(database, names, signed)),
  ];
  return { ...(await readSwitches(deps)), changed: released.some((name) => before.has(name)) };
}

/** The brakes to release: those of the channel and of all its providers, or of the one that is named. */
function brakesToRelease(
  shares: ProviderShares,
  channel: Channel | undefined,
  provider: string | undefined,
): RouteName[] {
  if (channel === undefined) {
    if (provider === undefined) return [];
    throw new BillcastError('USAGE', `say of which channel ${provider} is the provider`);
  }
  const routes = routesOf(channel, shares[channel]);
  if (provider === undefined) return [...new Set([channel, ...routes.map(({ route }) => route)])];
  const named = routes.find(({ name }) => name === provider);
  if (named !== undefined) return [named.route];
  const names = routes.map(({ name }) => name).join(', ');
  throw new BillcastError('USAGE', `${channel} has no such provider, but ${names}`);
}
