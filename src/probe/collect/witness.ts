import type { LabKeys } from '../../keys/lab-keys.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import type { Logins, TokenSet } from '../tokens.ts';

/** What collectors share: the lab, the ways into it, and tokens that were asked for once. */
export interface Witness {
  readonly context: LabContext;
  readonly engine: ContainerEngine;
  readonly keys: LabKeys;
  readonly logins: () => Logins;
  /** @throws when one of them failed */
  readonly tokens: () => Promise<TokenSet>;
  readonly signal: AbortSignal;
}
