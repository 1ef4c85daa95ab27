/** A repeatable source of choices: the same seed and stream give the same choices in the same order. */
export interface Random {
  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number;
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
  pick<T>(choices: Choices<T>): T;
  /** Picks with a probability in proportion to each weight. */
  pickWeighted<T extends Weighted>(choices: Choices<T>): T;
  /** Picks `count` different ones, or all if there are fewer. */
  draw<T>(choices: readonly T[], count: number): T[];
}

/** The values to choose from: one at least. */
export type Choices<T> = readonly [T, ...T[]];

export interface Weighted {
  readonly weight: number;
}

/**
 * Starts a numbered stream of a seed. Streams are independent of each other. Each member has one, so what is
 * drawn for a member does not depend on which members were made before.
 * @param seed a safe integer
 * @param stream a whole number from 0 to 2^63 - 1
 */
export function createRandom(seed: number, stream: bigint): Random {
  const next = sfc32(stateOf(seed, stream));
  const integer = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  const pick = <T>(choices: Choices<T>): T => choices[integer(0, choices.length - 1)] ?? choices[0];
  return {
    integer,
    pick,
    chance: (probability) => next() < probability,
    pickWeighted: (choices) => pickWeighted(choices, next()),
    draw: (choices, count) => draw(choices, count, integer),
  };
}

type State = [number, number, number, number];

const warmUpRounds = 20;

function stateOf(seed: number, stream: bigint): State {
  const seedHigh = Math.floor(seed / 2 ** 32);
  const streamHigh = Number(stream >> 32n);
  return [seed | 0, Number(stream & 0xffff_ffffn) | 0, seedHigh ^ Math.imul(streamHigh, 0x9e3779b9), 1];
}

/** sfc32 of PractRand (Chris Doty-Humphrey, public domain): a number from 0 to below 1 at each call. */
function sfc32(state: State): () => number {
  let [a, b, c, counter] = state;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < warmUpRounds; round += 1) next();
  return next;
}

function pickWeighted<T extends Weighted>(choices: Choices<T>, share: number): T {
  let left = share * choices.reduce((sum, { weight }) => sum + weight, 0);
  for (const choice of choices) {
    left -= choice.weight;
    if (left < 0) return choice;
  }
  return choices[0];
}

/** The first `count` steps of a Fisher-Yates shuffle. */
function draw<T>(choices: readonly T[], count: number, integer: Random['integer']): T[] {
  const left = [...choices];
  const drawn: T[] = [];
  while (drawn.length < count && left.length > 0) drawn.push(...left.splice(integer(0, left.length - 1), 1));
  return drawn;
}
