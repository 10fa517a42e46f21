import type { Injection } from './injection.ts';
import { OF_ENGINE, OF_RESOURCES } from './injections-engine.ts';
import { OF_LABS, OF_MACHINE, OF_NAMES, OF_NETWORK } from './injections-host.ts';

export const INJECTIONS: readonly Injection[] = [
  ...OF_ENGINE,
  ...OF_RESOURCES,
  ...OF_NETWORK,
  ...OF_NAMES,
  ...OF_MACHINE,
  ...OF_LABS,
];
