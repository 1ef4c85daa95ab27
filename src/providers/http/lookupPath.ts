/** The path where a gateway is asked about a message: below the one to which messages are posted. */
export function lookupPath({ pathname, search }: URL, key: string): string {
  return `${pathname.replace(/\/$/, '')}/${encodeURIComponent(key)}${search}`;
}
