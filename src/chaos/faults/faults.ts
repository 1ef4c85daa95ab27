import type { FaultKind } from '../schedule.ts';
import { strikeBounce } from './bounce.ts';
import { strikeLeader, strikeLeaderless, strikeMajority, strikeRolling } from './brokers.ts';
import { strikeCancel } from './cancel.ts';
import { strikeCut } from './cut.ts';
import { strikeDuplicate } from './duplicate.ts';
import { strikeGateway } from './gateway.ts';
import { strikeKill } from './kill.ts';
import { strikePoison } from './poison.ts';
import { strikeRebalance } from './rebalance.ts';
import { strikeRelay } from './relay.ts';
import { strikeKafka, strikePostgres } from './servers.ts';
import { strikeStop } from './stop.ts';
import type { Strike } from './strike.ts';
import { strikeThread } from './thread.ts';

export const strikes: Readonly<Record<FaultKind, Strike>> = {
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
