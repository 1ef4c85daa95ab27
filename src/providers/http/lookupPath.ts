/** Where a gateway is asked about a message: below the URL to which it is posted. */
export function lookupPath({ pathname, search }: URL, key: string): string {
  return `${pathname.replace(/\/$/, '')}/${encodeURIComponent(key)}${search}`;
}
