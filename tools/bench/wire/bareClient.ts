/** Sends a message and calls back when it was answered, as cheaply as we know how. */
export interface BareClient {
  send(key: string, body: Uint8Array, answered: () => void): void;
}
