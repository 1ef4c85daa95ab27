/** The settings that may be the cause of a wrong certificate, by their names for people. */
export interface CertificateSettings {
  readonly host: string;
  readonly authority: string;
}

/** Pure: what to do about a server's certificate; undefined if the cause is something else. */
export function certificateAdvice(cause: string, settings: CertificateSettings): string | undefined {
  if (/^CERT_HAS_EXPIRED/.test(cause)) return 'its operator has to renew its certificate';
  if (/^CERT_NOT_YET_VALID/.test(cause)) return "check this machine's clock";
  if (/ALTNAME/.test(cause)) return `its certificate has another name: check the host in ${settings.host}`;
  if (/^(?:UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/.test(cause)) {
    return `set ${settings.authority} to the authority of its certificate`;
  }
  return undefined;
}
