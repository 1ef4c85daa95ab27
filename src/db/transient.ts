/**
 * Whether asking the same statement again can help: the server was away or going away, the connection was cut,
 * or two transactions were in each other's way. Classes and codes: PostgreSQL manual, appendix A.
 */
export const isTransient = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isTransient);
  const code = 'code' in error ? String(error.code) : '';
  return transientCodes.test(code) || transientMessages.test(error.message);
};

/** 08: connection; 40001 and 40P01: conflict; 53: out of connections, disk or memory; 57P: shutdown and start. */
const transientCodes =
  /^(08\w{3}|40001|40P01|53\w{3}|57P0[1-5]|25006|E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH))$/;

/** What the driver reports without a code. */
const transientMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed)/;
