import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

/** Certificates that the settings add. */
export interface Certificates {
  /** PEM of an authority that is trusted in addition to the public ones. */
  readonly ca?: string | undefined;
  /** PEM of our own certificate and its key, for a server that asks for one. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string } | undefined;
}

const contexts = new WeakMap<Certificates, SecureContext>();

/**
 * The TLS context of these settings; undefined if they add nothing to the usual one. It is made once, since
 * reading the list of public authorities takes a while, and each context keeps a copy of it.
 */
export function secureContextOf(settings: Certificates): SecureContext | undefined {
  const { ca, clientCertificate } = settings;
  if (ca === undefined && clientCertificate === undefined) return undefined;
  const context = contexts.get(settings) ?? createContext(settings);
  contexts.set(settings, context);
  return context;
}

function createContext({ ca, clientCertificate }: Certificates): SecureContext {
  return createSecureContext({
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
    ...clientCertificate,
  });
}
