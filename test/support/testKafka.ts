/**
 * Brokers of the test run's real Kafka, host:port with commas between.
 * @throws Error outside of the test runner, which starts one and sets KAFKA_BROKERS
 */
export function testKafkaBrokers(): string {
  const brokers = process.env.KAFKA_BROKERS;
  if (brokers === undefined || brokers === '') {
    throw new Error('KAFKA_BROKERS is not set: run `npm test`, or point it at a broker of your own');
  }
  return brokers;
}
