/** Where a gateway is asked about a message: below the URL to which it is posted. */
export const lookupPath = ({ pathname, search }: URL, key: string): string =>
  `${pathname.replace(/\/$/, '')}/${encodeURIComponent(key)}${search}`;
