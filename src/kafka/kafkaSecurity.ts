/** TLS and login to the brokers. */
export interface KafkaSecurity {
  readonly tls: TlsFiles | undefined;
  readonly sasl: SaslOptions | undefined;
}

/** Paths of PEM files. Without `caFile`, Node's own authorities are trusted. */
export interface TlsFiles {
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

export type SaslOptions =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | { readonly mechanism: 'oauthbearer'; readonly tokenFrom: 'file'; readonly file: string }
  | { readonly mechanism: 'oauthbearer'; readonly tokenFrom: 'command'; readonly command: string };

/** For the embedded Kafka. */
export const noSecurity: KafkaSecurity = { tls: undefined, sasl: undefined };
