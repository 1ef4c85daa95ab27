/** The sends of this process under a rate that all processes share. */
export interface SharedRate {
  /** Announces that so many sends are about to enter. */
  letThrough(count: number): void;
  /** Resolves when a send may begin; to undefined if its bill must be given back. */
  enter(): Promise<number | undefined>;
  stop(): void;
}

/** Opens a named rate, which all processes share. It asks the database only at the first send. */
export type OpenRate = (name: string, perSecond: number) => SharedRate;

/** For a process that only looks doubts up: nothing may be sent under any rate. */
export const lookUpsOnly: OpenRate = () => ({
  letThrough: () => undefined,
  enter: () => Promise.resolve(undefined),
  stop: () => undefined,
});
