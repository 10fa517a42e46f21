import { EXIT } from '../errors/problems.ts';

/** Exit code of a run that a signal ended. */
export type StoppedCode = typeof EXIT.sigint | typeof EXIT.sigterm;

/** Reason of the process's own signal once somebody asked it to stop. */
export class Interruption extends Error {
  readonly exitCode: StoppedCode;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`stopped by ${signal}`);
    this.name = 'Interruption';
    this.exitCode = signal === 'SIGINT' ? EXIT.sigint : EXIT.sigterm;
  }
}

/**
 * Exit code of a run that was asked to stop, whatever it was doing; false while nobody did, and for a
 * deadline that passed.
 */
export function stoppedCode({ reason }: AbortSignal): StoppedCode | false {
  return reason instanceof Interruption && reason.exitCode;
}
