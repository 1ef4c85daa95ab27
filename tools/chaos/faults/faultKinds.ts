import type { InjectionKind } from '../schedule.ts';
import { strikeCut } from './cutConnections.ts';
import { strikeBounce } from './injectBounce.ts';
import { strikeLeader, strikeLeaderless, strikeMajority, strikeRolling } from './injectBrokerFault.ts';
import { strikeCancel } from './injectCancel.ts';
import { strikeDuplicate } from './injectDuplicate.ts';
import { strikeGateway } from './injectGatewayOutage.ts';
import type { Strike } from './injection.ts';
import { strikeKill } from './injectKill.ts';
import { strikePoison } from './injectPoison.ts';
import { strikeRebalance } from './injectRebalance.ts';
import { strikeRelay } from './injectRelayFault.ts';
import { strikeKafka, strikePostgres } from './injectServerOutage.ts';
import { strikeStop } from './injectStop.ts';
import { strikeThread } from './injectThreadFault.ts';

export const strikes: Readonly<Record<InjectionKind, Strike>> = {
  kill: strikeKill,
  stop: strikeStop,
  relay: strikeRelay,
  thread: strikeThread,
  rebalance: strikeRebalance,
  kafka: strikeKafka,
  postgres: strikePostgres,
  cut: strikeCut,
  cancel: strikeCancel,
  gateway: strikeGateway,
  duplicate: strikeDuplicate,
  poison: strikePoison,
  bounce: strikeBounce,
  leader: strikeLeader,
  rolling: strikeRolling,
  leaderless: strikeLeaderless,
  majority: strikeMajority,
};
