/** What a relay offers, by its answer to EHLO. */
export interface RelayExtensions {
  /** Commands may leave without a wait for the replies before them: RFC 2920. */
  readonly pipelining: boolean;
  readonly smtpUtf8: boolean;
  readonly eightBitMime: boolean;
  /** It can be told which reports we want: RFC 3461. */
  readonly dsn: boolean;
  /** It takes the size of a message with MAIL: RFC 1870. */
  readonly size: boolean;
  /** The largest message that it takes; Infinity if it does not say. */
  readonly mostBytes: number;
}

export function readExtensions(ehlo: string): RelayExtensions {
  const [isNamed, most] = /[ -]SIZE\b(?:[ \t]+(\d+))?/i.exec(ehlo) ?? [];
  return {
    pipelining: /[ -]PIPELINING\b/i.test(ehlo),
    smtpUtf8: /[ -]SMTPUTF8\b/i.test(ehlo),
    eightBitMime: /[ -]8BITMIME\b/i.test(ehlo),
    dsn: /[ -]DSN\b/i.test(ehlo),
    size: isNamed !== undefined,
    mostBytes: Number(most ?? 0) || Number.POSITIVE_INFINITY,
  };
}
