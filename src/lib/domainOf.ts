/** The domain of an e-mail address that was read, to compare it with others. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
