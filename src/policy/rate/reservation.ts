/** Evenly spaced moments at which a send may begin, in ms of this process's monotonic clock. */
export interface Reservation {
  readonly firstMs: number;
  readonly stepMs: number;
  readonly count: number;
}

export interface RateAsk {
  /** The most moments that are wanted. */
  readonly count: number;
  /**
   * How long from now the first moment must be: earlier ones would pass before anything is ready to be sent.
   */
  readonly leadMs: number;
}

/** Reserves moments for this process alone; undefined if there are none for now. Never rejects. */
export type Reserve = (ask: RateAsk) => Promise<Reservation | undefined>;
