import type { InjectionKind } from '../schedule.ts';
import { injectBounce } from './injectBounce.ts';
import {
  injectLeaderKill,
  injectLeaderlessPartition,
  injectMajorityLoss,
  injectRollingRestart,
} from './injectBrokerFault.ts';
import { injectCancel } from './injectCancel.ts';
import { injectCut } from './injectCut.ts';
import { injectDuplicate } from './injectDuplicate.ts';
import { injectGatewayOutage } from './injectGatewayOutage.ts';
import type { Injector } from './injection.ts';
import { injectKill } from './injectKill.ts';
import { injectPoison } from './injectPoison.ts';
import { injectRebalance } from './injectRebalance.ts';
import { injectReceipt } from './injectReceipt.ts';
import { injectRelayKill } from './injectRelayFault.ts';
import { injectKafkaOutage, injectPostgresOutage } from './injectServerOutage.ts';
import { injectStop } from './injectStop.ts';
import { injectThreadExit } from './injectThreadFault.ts';

export const injectors: Readonly<Record<InjectionKind, Injector>> = {
  kill: injectKill,
  stop: injectStop,
  relay: injectRelayKill,
  thread: injectThreadExit,
  rebalance: injectRebalance,
  kafka: injectKafkaOutage,
  postgres: injectPostgresOutage,
  cut: injectCut,
  cancel: injectCancel,
  gateway: injectGatewayOutage,
  duplicate: injectDuplicate,
  poison: injectPoison,
  bounce: injectBounce,
  receipt: injectReceipt,
  leader: injectLeaderKill,
  rolling: injectRollingRestart,
  leaderless: injectLeaderlessPartition,
  majority: injectMajorityLoss,
};
