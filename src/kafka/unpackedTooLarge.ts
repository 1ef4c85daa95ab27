/** Compressed data is larger than it may be. None of it is kept. */
export class UnpackedTooLarge extends Error {
  override readonly name = 'UnpackedTooLarge';

  constructor(maxBytes: number) {
    super(`a record batch unpacks to more than ${maxBytes} bytes`);
  }
}
