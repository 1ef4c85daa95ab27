/** The gates of a canary. Each limits a share of its bills. */
export const gateNames = ['refused', 'unknown', 'turned', 'policy', 'failed', 'bounced'] as const;
export type GateName = (typeof gateNames)[number];

/** The largest shares that count as ordinary, 0 to 1. */
export type GateLimits = Readonly<Record<GateName, number>>;

/** The reason that a gate saw most often. */
export interface TopReason {
  readonly reason: string;
  readonly bills: number;
}

/** The results of a canary's bills so far. */
export interface CanaryOutcomes {
  /** Bills that were released. */
  readonly bills: number;
  readonly onTheirWay: number;
  /** Bills that wait for the end of quiet hours or of a back-off: nobody knows yet what becomes of them. */
  readonly waiting: number;
  readonly counts: Readonly<Record<GateName, number>>;
  readonly reasons: Readonly<Partial<Record<GateName, TopReason>>>;
}

export interface GateResult {
  readonly gate: GateName;
  readonly count: number;
  readonly of: number;
  readonly limit: number;
  readonly isAbove: boolean;
  /** `failed: 412 of 1,000 bills (41.2 %), limit 1 %, mostly TEMPLATE_FAILED (412)` */
  readonly sentence: string;
}

export type CanaryVerdict =
  /** No verdict yet: some bills are on their way, or most wait for their time. */
  | { readonly kind: 'open' }
  | { readonly kind: 'passed'; readonly gates: readonly GateResult[] }
  /** `gate` is the worst: the one that is furthest above its limit. */
  | { readonly kind: 'tripped'; readonly gate: GateName; readonly gates: readonly GateResult[] }
  /** Fewer than twenty bills say nothing: one of twenty is already 5 %. */
  | { readonly kind: 'tooFew'; readonly judged: number; readonly gates: readonly GateResult[] };

const fewestJudged = 20;

/**
 * Pure. A gate trips when its share will be above the limit even if all bills that are still on their way
 * turn out well. The canary passes when all have ended. Bills that wait are left out, unless most do.
 */
export function judgeCanary(outcomes: CanaryOutcomes, limits: GateLimits): CanaryVerdict {
  const { bills, onTheirWay, waiting } = outcomes;
  const certain = gateResults(outcomes, limits);
  if (bills >= fewestJudged) {
    const tripped = worstOf(certain);
    if (tripped !== undefined) return { kind: 'tripped', gate: tripped.gate, gates: certain };
  }
  if (onTheirWay > 0 || waiting > bills / 2) return { kind: 'open' };
  const judged = bills - waiting;
  const gates = resultsOf(outcomes, limits, judged);
  if (judged < fewestJudged) return { kind: 'tooFew', judged, gates };
  const tripped = worstOf(gates);
  return tripped === undefined ? { kind: 'passed', gates } : { kind: 'tripped', gate: tripped.gate, gates };
}

/** Pure: the present state of each gate, including bills that are on their way. */
export function gateResults(outcomes: CanaryOutcomes, limits: GateLimits): GateResult[] {
  return resultsOf(outcomes, limits, outcomes.bills);
}

function resultsOf({ counts, reasons }: CanaryOutcomes, limits: GateLimits, of: number): GateResult[] {
  return gateNames.map((gate) => {
    const [count, limit] = [counts[gate], limits[gate]];
    const isAbove = count > of * limit;
    return {
      gate,
      count,
      of,
      limit,
      isAbove,
      sentence: sentenceOf({ gate, count, of, limit }, reasons[gate]),
    };
  });
}

function worstOf(gates: readonly GateResult[]): GateResult | undefined {
  const excess = ({ count, of, limit }: GateResult): number => count - of * limit;
  return gates.filter(({ isAbove }) => isAbove).toSorted((a, b) => excess(b) - excess(a))[0];
}

function sentenceOf(
  { gate, count, of, limit }: Pick<GateResult, 'gate' | 'count' | 'of' | 'limit'>,
  top: TopReason | undefined,
): string {
  const share = of === 0 ? '' : ` (${asPercent(count / of)})`;
  const mostly = top === undefined ? '' : `, mostly ${top.reason} (${inThousands(top.bills)})`;
  return `${gate}: ${inThousands(count)} of ${inThousands(of)} bills${share}, limit ${asPercent(limit)}${mostly}`;
}

/** `1.2 %` */
export function asPercent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** `1,234` */
export function inThousands(count: number): string {
  return count.toLocaleString('en-US');
}

/** The hold of a run that a gate has stopped: `run.hold`. */
export type GateHold = `GATE_${Uppercase<GateName>}`;

export function holdOfGate(gate: GateName): GateHold {
  return `GATE_${gate.toUpperCase() as Uppercase<GateName>}`;
}

/** The verdict for people: the gates that are above their limits, or all of them if none is. */
export function sentencesOf(gates: readonly GateResult[]): string {
  const above = gates.filter(({ isAbove }) => isAbove);
  return (above.length > 0 ? above : gates).map(({ sentence }) => sentence).join('; ');
}

/** The failed bills of a run in the last minute, and how many bills went through in that time. */
export interface RecentFailures {
  readonly failed: number;
  readonly through: number;
  readonly top: TopReason | undefined;
}

/**
 * Pure: the gate that stays after the canary. A brake sees what providers answer. It does not see bills that
 * fail before they are sent: by a template, a cipher, or because the bill is incomplete.
 * @returns the sentence if the share is above the limit; undefined if it is ordinary
 */
export function judgeRecent({ failed, through, top }: RecentFailures, limit: number): string | undefined {
  const of = Math.max(failed, through);
  if (failed < fewestJudged || failed <= of * limit) return undefined;
  return `in the last minute ${sentenceOf({ gate: 'failed', count: failed, of, limit }, top)}`;
}
