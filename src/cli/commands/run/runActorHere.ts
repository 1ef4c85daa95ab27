import type { RunActor } from '../../../operations/runs/runActor.ts';
import { personAtTerminal } from '../../personAtTerminal.ts';

/** Whoever runs this command: the host does not prove who they are. */
export function runActorHere(): RunActor {
  return { name: personAtTerminal(), isNamed: false };
}
