import { encode } from './encode.ts';
import type { State } from './state.ts';

/**
 * What one step of the system is. `work`: somebody does their duty, or time passes. `fault` and `person` may
 * happen and need not: no good end may depend on them.
 */
export interface Step {
  readonly actor: string;
  /** The name of the function of src/db if it is a statement, else what happens. */
  readonly does: string;
  readonly kind: 'work' | 'fault' | 'person';
  readonly next: State;
}

/** A rule broken, with the shortest sequence of steps that breaks it. */
export interface Violation {
  readonly rule: string;
  readonly trace: readonly string[];
}

export interface Findings {
  readonly states: number;
  /** The names of all steps that were taken. */
  readonly done: ReadonlySet<string>;
  readonly violation: Violation | undefined;
}

export interface Rules {
  readonly initial: State;
  readonly stepsFrom: (state: State) => readonly Step[];
  /** What the state breaks; undefined if it is sound. */
  readonly brokenRule: (state: State) => string | undefined;
  /** Nothing more has to happen to the bill. */
  readonly isGoodEnd: (state: State) => boolean;
  /** A search that would need more is an error: its bounds are too wide. */
  readonly mostStates: number;
}

/** Searches all reachable states, nearest first, and then whether each can still come to a good end. */
export function search(rules: Rules): Findings {
  const graph = new Graph();
  graph.reach(rules.initial, undefined);
  for (let at = 0; at < graph.size; at++) {
    const state = graph.take(at);
    const rule = rules.brokenRule(state);
    if (rule !== undefined) return graph.findings({ rule, at });
    if (rules.isGoodEnd(state)) graph.ends.push(at);
    for (const step of rules.stepsFrom(state)) graph.reach(step.next, { from: at, step });
    if (graph.size > rules.mostStates) throw new RangeError(`more than ${rules.mostStates} states`);
  }
  const stuck = graph.firstWithoutEnd();
  return graph.findings(stuck === undefined ? undefined : { rule: 'no good end can be reached', at: stuck });
}

/** The states found so far, by number. Only those that are still to be looked at are kept whole. */
class Graph {
  readonly ends: number[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #whole: (State | undefined)[] = [];
  readonly #parents: number[] = [];
  readonly #labels: string[] = [];
  readonly #done = new Set<string>();
  /** Pairs of numbers, from and to, of steps of work. */
  readonly #work: number[] = [];

  get size(): number {
    return this.#whole.length;
  }

  reach(state: State, by: { from: number; step: Step } | undefined): void {
    const key = encode(state);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#whole.push(state) - 1;
      this.#numbers.set(key, number);
      this.#parents.push(by?.from ?? -1);
      this.#labels.push(by === undefined ? '' : `${by.step.actor}: ${by.step.does}`);
    }
    if (by === undefined) return;
    this.#done.add(by.step.does);
    if (by.step.kind === 'work') this.#work.push(by.from, number);
  }

  take(number: number): State {
    const state = this.#whole[number];
    if (state === undefined) throw new RangeError(`state ${number} was taken before`);
    this.#whole[number] = undefined;
    return state;
  }

  findings(broken: { rule: string; at: number } | undefined): Findings {
    const violation = broken && { rule: broken.rule, trace: this.#traceTo(broken.at) };
    return { states: this.size, done: this.#done, violation };
  }

  /** The nearest state from which work alone leads to no good end. */
  firstWithoutEnd(): number | undefined {
    const comesFrom = this.#reversedWork();
    const good = new Uint8Array(this.size);
    const open = [...this.ends];
    for (const end of open) good[end] = 1;
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const from of comesFrom(next)) {
        if (good[from] === 1) continue;
        good[from] = 1;
        open.push(from);
      }
    }
    const stuck = good.indexOf(0);
    return stuck < 0 ? undefined : stuck;
  }

  #reversedWork(): (to: number) => Int32Array {
    const starts = new Int32Array(this.size + 1);
    for (let index = 1; index < this.#work.length; index += 2) add(starts, this.#work[index] ?? 0);
    for (let number = 0; number < this.size; number++) add(starts, number + 1, starts[number]);
    const froms = new Int32Array(this.#work.length / 2);
    for (let index = 0; index < this.#work.length; index += 2) {
      const slot = add(starts, this.#work[index + 1] ?? 0, -1);
      froms[slot] = this.#work[index] ?? 0;
    }
    return (to) => froms.subarray(starts[to], starts[to + 1]);
  }

  #traceTo(at: number): string[] {
    const trace: string[] = [];
    for (let number = at; number > 0; number = this.#parents[number] ?? 0) {
      trace.unshift(this.#labels[number] ?? '');
    }
    return trace;
  }
}

function add(counts: Int32Array, index: number, amount = 1): number {
  const sum = (counts[index] ?? 0) + amount;
  counts[index] = sum;
  return sum;
}
