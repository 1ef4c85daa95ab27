/** The sends of this process under a rate that all processes share. */
export interface SharedRate {
  /** So many are about to enter. */
  letThrough(count: number): void;
  /** Resolves when a send may begin; false: it is to be given back. */
  enter(): Promise<boolean>;
  stop(): void;
}

/** A rate by its name, which all processes share. It asks nobody before something is sent under it. */
export type OpenRate = (name: string, perSecond: number) => SharedRate;

/** For a process that only looks up: nothing may be sent under any rate. */
export const lookUpsOnly: OpenRate = () => ({
  letThrough: () => undefined,
  enter: () => Promise.resolve(false),
  stop: () => undefined,
});
