/** What was compressed is larger than it may be. Nothing of it was kept. */
export class UnpackedTooLarge extends Error {
  override readonly name = 'UnpackedTooLarge';

  constructor(maxBytes: number) {
    super(`a record batch unpacks to more than ${maxBytes} bytes`);
  }
}
