/** How the consumer of a dispatcher is called at the brokers. */
export function consumerClientId(dispatcher: string): string {
  return `billcast-${dispatcher}`;
}
