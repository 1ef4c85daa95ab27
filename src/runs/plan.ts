import { type BillId, compareIds } from '../bill.ts';
import { type Channel, channelNames } from '../channels.ts';
import { BillcastError } from '../errors.ts';
import { zonedTime } from '../lib/timeText.ts';
import { type gateReleases, type PlanRequest, parsePlanRequest, weekDays } from './planRequest.ts';

/** A bill is selected if it meets all of these that are given. */
export interface SelectedFields {
  /** `YYYY-MM` */
  readonly month?: string | undefined;
  readonly grade?: readonly string[] | undefined;
  /** The channel in the bill's row, with which the bill begins. */
  readonly channel?: readonly Channel[] | undefined;
}

/** The bills of a planned run: how a person may choose them. */
export type PlannedSelection =
  | { readonly month: string }
  | { readonly billIds: readonly BillId[] }
  | { readonly fields: SelectedFields };

/** `all`: `publish --all` released everything that was held. */
export type Selection = PlannedSelection | { readonly all: true };

export interface SendWindow {
  /** If it is missing, the window is for all channels. */
  readonly channel?: Channel | undefined;
  /** `HH:MM`, before `to`, which may be `24:00`. */
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly days: readonly (typeof weekDays)[number][];
}

/** Limits are shares of the canary's bills. */
export interface Gates {
  readonly refused: number;
  readonly unknown: number;
  readonly turned: number;
  readonly policy: number;
  readonly failed: number;
  readonly bounced: number;
  readonly waitMinutes: number;
  readonly release: (typeof gateReleases)[number];
}

/** The limits of gates that a plan does not mention. */
export const usualGates: Gates = {
  refused: 0.05,
  unknown: 0.02,
  turned: 0.2,
  policy: 0.01,
  failed: 0.01,
  bounced: 0.05,
  waitMinutes: 10,
  release: 'auto',
};

/**
 * Everything that a run does, complete: two plans that do the same are the same text. Times are ISO 8601 in
 * UTC.
 */
export interface Plan {
  readonly selection: Selection;
  /** Versions: `<template>` for all its files together, `<template>/<language>` for one language. */
  readonly templates: Readonly<Record<string, string>>;
  readonly windows: readonly SendWindow[];
  readonly deadline: string | null;
  readonly pace: { readonly perSecond: number } | null;
  readonly notBefore: string | null;
  readonly expectNext: number | null;
  readonly canary: { readonly bills: number } | { readonly percent: number } | null;
  readonly gates: Gates;
  readonly seeds: boolean;
}

export interface PlanSurroundings {
  readonly templates: Plan['templates'];
  /** `TIME_ZONE`, for windows that name none. */
  readonly timeZone: string;
  readonly now: Date;
}

/**
 * Fills in what a request leaves out, so that the approved plan says everything.
 * @throws BillcastError USAGE for times that cannot be kept
 */
export function completePlan(
  request: PlanRequest,
  { templates, timeZone: here, now }: PlanSurroundings,
): Plan {
  const deadline = inUtc(request.deadline);
  const notBefore = inUtc(request.notBefore);
  refuseTimes({ deadline, notBefore, now, timeZone: here });
  const expectNext = request.expectNext ?? null;
  return {
    selection: completeSelection(request.selection),
    templates,
    windows: (request.windows ?? []).map((one) => ({
      ...one,
      timeZone: one.timeZone ?? here,
      days: weekDays.filter((day) => one.days?.includes(day) ?? true),
    })),
    deadline,
    pace: request.pace ?? null,
    notBefore,
    expectNext,
    canary: completeCanary(request.canary),
    gates: completeGates(request),
    seeds: request.seeds ?? false,
  };
}

/**
 * The request that would make this plan again. It is the basis for a request that changes a part of it.
 * @throws BillcastError USAGE if a person could not have asked for it
 */
export function requestOf({ templates: _, ...plan }: Plan): PlanRequest {
  return parsePlanRequest(plan);
}

/** If a person expects more turns than usual, the limit of the gate rises too. */
function completeGates({ gates = {}, expectNext }: PlanRequest): Gates {
  const given = Object.entries({ turned: expectNext ?? undefined, ...gates });
  return { ...usualGates, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
}

/** Pure: the same selection is always the same text. */
export function completeSelection({
  month: ofMonth,
  billIds: ids,
  fields: by,
}: PlanRequest['selection']): PlannedSelection {
  if (ids !== undefined) return { billIds: [...new Set(ids as BillId[])].sort(compareIds) };
  if (by === undefined) return { month: ofMonth ?? '' };
  return {
    fields: {
      ...by,
      ...(by.grade && { grade: [...new Set(by.grade)].sort() }),
      ...(by.channel && { channel: channelNames.filter((name) => by.channel?.includes(name)) }),
    },
  };
}

function completeCanary(given: PlanRequest['canary']): Plan['canary'] {
  if (given?.bills !== undefined) return { bills: given.bills };
  return given?.percent === undefined ? null : { percent: given.percent };
}

interface PlannedTimes {
  readonly deadline: string | null;
  readonly notBefore: string | null;
  readonly now: Date;
  readonly timeZone: string;
}

function refuseTimes({ deadline, notBefore, now, timeZone }: PlannedTimes): void {
  if (deadline === null) return;
  const time = (at: string | Date): string => zonedTime(new Date(at), timeZone);
  if (new Date(deadline) <= now) {
    throw new BillcastError('USAGE', `the deadline ${time(deadline)} is past: it is ${time(now)}`);
  }
  if (notBefore !== null && notBefore >= deadline) {
    throw new BillcastError(
      'USAGE',
      `nothing goes out before ${time(notBefore)}, which is not before the deadline ${time(deadline)}`,
    );
  }
}

function inUtc(at: string | null | undefined): string | null {
  return at === null || at === undefined ? null : new Date(at).toISOString();
}
