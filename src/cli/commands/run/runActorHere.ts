import type { RunActor } from '../../../operations/runs/runActor.ts';
import { personAtTerminal } from '../../personAtTerminal.ts';

/** The person who runs this command. The host does not prove who they are. */
export function runActorHere(): RunActor {
  return { name: personAtTerminal(), isNamed: false };
}
