import { BillcastError } from '../../errors.ts';
import { answerReasons, answerText } from './answerReasons.ts';
import { failureReasons, turnReasons } from './reasons.ts';

const codes: readonly string[] = [...new Set([...failureReasons, ...turnReasons, ...answerReasons])];

/**
 * The part of the settings with the reasons that the company's own files and modules of providers give, by
 * channel.
 */
interface ProviderReasons {
  readonly providerSettings: { readonly mapped: object; readonly own: object };
}

/**
 * Refuses a mistyped code: as a condition it would find nothing, which looks like good news.
 * @throws BillcastError USAGE for a code that no bill can have
 */
export function requireReasonCode(
  { providerSettings: { mapped, own } }: ProviderReasons,
  reason: string | undefined,
): void {
  if (reason === undefined || codes.includes(reason) || answerText(reason) !== undefined) return;
  // A company's own module may give any reason, so nothing can be refused.
  if (Object.keys(own).length > 0) return;
  const named = reasonsIn(mapped);
  if (named.has(reason)) return;
  const near = nearestTo(reason, [...codes, ...named]);
  const hint =
    near.length === 0 ? `it is a word such as ${failureReasons[0]};` : `did you mean ${near.join(' or ')}?`;
  throw new BillcastError(
    'USAGE',
    `${reason} is no reason code: ${hint} \`billcast failures\` shows those of failed bills`,
  );
}

/** The reasons that providers' files name. */
function reasonsIn(mapped: object): Set<string> {
  const found = new Set<string>();
  JSON.stringify(mapped, (key, value: unknown) => {
    if (key === 'reason' && typeof value === 'string') found.add(value);
    return value;
  });
  return found;
}

const mostNamed = 3;
const leastAlike = 0.5;

/** The known codes that share most pairs of letters with it, most similar first. */
function nearestTo(reason: string, known: readonly string[]): string[] {
  const pairs = pairsOf(reason);
  return known
    .map((code) => ({ code, alike: likeness(pairs, pairsOf(code)) }))
    .filter(({ alike }) => alike >= leastAlike)
    .sort((a, b) => b.alike - a.alike)
    .slice(0, mostNamed)
    .map(({ code }) => code);
}

/** Similarity from 0 to 1 (Dice coefficient). */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return (2 * a.intersection(b).size) / (a.size + b.size);
}

function pairsOf(text: string): Set<string> {
  return new Set(Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2)));
}
