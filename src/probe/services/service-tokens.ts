import type { EdgeAccess } from '../../edge/edge-request.ts';
import { login, type Tokens } from '../../idp/client/login.ts';
import type { Needs } from '../probe-context.ts';

/** A person's tokens for one service, by its audience. Each sign-in is done once a run. @throws as `login` */
export type TokensFor = (person: string, audience: string) => Promise<Tokens>;

export function createTokensFor({
  context: { lab },
  keys,
  signal,
}: Needs<'context' | 'keys' | 'signal'>): TokensFor {
  const access: EdgeAccess = { lab, edgeRootPem: keys.edge.rootPem, signal };
  const begun = new Map<string, Promise<Tokens>>();
  return (user, audience) => {
    const id = `${user} ${audience}`;
    const known = begun.get(id);
    if (known !== undefined) return known;
    const credentials = { user, password: keys.idp.passwords[user] ?? '', secrets: keys.idp };
    const begins = login(access, credentials, { audience });
    // Whoever asks gets its error; one that nobody waits for any more must not end the process.
    begins.catch(() => undefined);
    begun.set(id, begins);
    return begins;
  };
}
