import { ADMIN, ROLELESS, VIEWER } from '../../sample/names.ts';
import { Command } from 'commander';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { EXIT } from '../../errors/problems.ts';
import type { Tokens, TokenWish } from '../../idp/client/login.ts';
import { didYouMean, nearest } from '../../nearest.ts';
import { json } from '../../report/json.ts';
import type { Lab } from '../../topology/lab.ts';
import { isExposed } from '../../topology/service.ts';
import type { OpenedLab } from '../wire.ts';
import { withDeadline } from '../deadline.ts';
import { type CommonOptions, withCommon, withLab } from '../options.ts';
import type { Act } from '../act.ts';

export interface TokenOptions extends Pick<CommonOptions, 'output'> {
  readonly scope?: string;
  readonly service?: string;
  readonly decode?: boolean;
}

export function tokenCommand(act: Act): Command {
  return withLab(withCommon(new Command('token')))
    .argument(
      '<user>',
      `${ADMIN} (admin), ${VIEWER} (viewer), ${ROLELESS} (no role), a user of meshdev.yaml, or the machine client meshdev-ci`,
    )
    .option('--scope <scopes>', 'space-separated scopes to request')
    .option('--service <id>', 'the service that the token is for; the sample service by default')
    .option('--decode', 'print the claims of the token instead of the token')
    .action(
      act(async (cli, user: string, options: CommonOptions & TokenOptions) => {
        const { openLab } = await import('../wire.ts');
        const opened = await openLab(cli, options);
        const signal = withDeadline(cli.signal, options.timeout);
        const wish = wishOf(opened.context.lab, options);
        const tokens = await signIn(opened, user, wish, signal).catch(async (error: unknown) => {
          const { refuseAsleep } = await import('../../lab/asleep.ts');
          await refuseAsleep(opened.context, 'getting a token', signal);
          throw error;
        });
        cli.out(await renderTokens(tokens, options));
        return EXIT.ok;
      }),
    );
}

async function signIn(
  { context }: OpenedLab,
  user: string,
  wish: TokenWish,
  signal: AbortSignal,
): Promise<Tokens> {
  const { lab } = context;
  const { clientCredentials, login } = await import('../../idp/client/login.ts');
  const keys = await context.keys().catch(async (error: unknown) => {
    const { refuseForeignLabIfAny } = await import('../../lab/whose.ts');
    await refuseForeignLabIfAny(context, signal);
    throw error;
  });
  const access = { lab, edgeRootPem: keys.edge.rootPem, signal };
  if (user === lab.clients.machine)
    return clientCredentials(access, keys.idp.clientSecrets[user] ?? '', wish);
  const password = keys.idp.passwords[user];
  if (password !== undefined) return login(access, { user, password, secrets: keys.idp }, wish);
  const known = [...lab.users.map(({ name }) => name), lab.clients.machine];
  throw new MeshdevError('USAGE', {
    message: `getting a token: there is no user ${JSON.stringify(user)}; the users are ${known.join(', ')}`,
    remedies: [`meshdev token ${ADMIN}`],
  });
}

/** @throws MeshdevError USAGE for a service that the lab has not, or that nobody needs a token for */
function wishOf({ services }: Lab, { scope, service: id }: TokenOptions): TokenWish {
  if (id === undefined) return { scope };
  const exposed = services.filter(isExposed);
  const found = exposed.find((service) => service.id === id);
  if (found !== undefined) return { scope, audience: found.audience };
  const ids = exposed.map((service) => service.id);
  throw new MeshdevError('USAGE', {
    message: `getting a token: the lab exposes no service ${JSON.stringify(id)}${didYouMean(nearest(id, ids)) || '.'} It exposes ${ids.join(', ')}`,
    remedies: ['meshdev token --help'],
  });
}

/** What stdout carries. */
export async function renderTokens(tokens: Tokens, options: TokenOptions): Promise<string> {
  if (options.decode === true) return decoded(tokens.accessToken);
  return options.output === 'json'
    ? json({ ...tokens, schemaVersion: '1', kind: 'Token' })
    : `${tokens.accessToken}\n`;
}

/** The same document with and without `-o json`: a person reads it as well. */
async function decoded(token: string): Promise<string> {
  const { decodeToken } = await import('../../trust/token.ts');
  const { kind: form, ...parts } = decodeToken(token);
  return json({ schemaVersion: '1', kind: 'DecodedToken', form, ...parts });
}
