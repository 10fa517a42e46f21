import type { ServiceEvidenceMap } from '../../evidence/service-evidence.ts';
import type { TokenRequest } from '../../evidence/tokens.ts';
import { OF_OTHER_SERVICE, CORE_TOKENS } from '../../cases/tokens/service-token-cases.ts';
import { type ExposedService, isExposed, type Service } from '../../topology/service.ts';
import { forgeToken } from '../tokens/forge-token.ts';
import { forgeryBase } from '../tokens/forgery-base.ts';
import { sentAs } from '../requests/send-shots.ts';
import { type Sending, sendToService } from './service-requests.ts';
import type { TokensFor } from './service-tokens.ts';

/** The honest request that a person sends through the edge. */
export interface PersonalControl {
  readonly service: ExposedService;
  readonly person: string;
  readonly method: string;
  readonly path: string;
}

/** Pure: undefined where nobody said how one is sent, and where no person sends it. */
export function personalControl(service: Service): PersonalControl | undefined {
  if (!isExposed(service) || service.control === undefined || !('person' in service.control.as))
    return undefined;
  const { method, path, as } = service.control;
  return { service, person: as.person, method, path };
}

/** Much waits for it: it takes no turn. */
export async function collectControl(
  probeContext: Sending,
  service: Service,
  tokensFor: TokensFor,
): Promise<ServiceEvidenceMap['service.control']> {
  const control = personalControl(service);
  if (control === undefined) return undefined;
  const { accessToken: token } = await tokensFor(control.person, control.service.audience);
  const atOnce = { ...probeContext, inTurn: <T>(send: () => Promise<T>) => send() };
  const { method, path } = control;
  return sentAs(
    await sendToService(atOnce, control.service, [{ id: 'control', method, path, token }]),
    'control',
  );
}

export async function collectWithoutToken(
  probeContext: Sending,
  service: Service,
  tokensFor: TokensFor,
): Promise<ServiceEvidenceMap['service.without-token']> {
  const control = personalControl(service);
  if (control === undefined) return undefined;
  const { method, path } = control;
  const { accessToken } = await tokensFor(control.person, control.service.audience);
  const sign = path.includes('?') ? '&' : '?';
  const sent = await sendToService(probeContext, control.service, [
    { id: 'none', method, path },
    { id: 'query', method, path: `${path}${sign}access_token=${accessToken}` },
  ]);
  return { none: sentAs(sent, 'none'), query: sentAs(sent, 'query') };
}

/** Each differs from a good token of the control's person in exactly one thing. */
export async function collectServiceTokens(
  probeContext: Sending,
  service: Service,
  tokensFor: TokensFor,
): Promise<readonly TokenRequest[]> {
  const control = personalControl(service);
  if (control === undefined) return [];
  const { person, method, path } = control;
  const base = forgeryBase(probeContext, await tokensFor(person, control.service.audience));
  const [forged, other] = await Promise.all([
    Promise.all(CORE_TOKENS.map(async (each) => ({ case: each, token: await forgeToken(each.id, base) }))),
    tokenOfOther(probeContext, control, tokensFor),
  ]);
  const cases = [...forged, ...(other === undefined ? [] : [{ case: OF_OTHER_SERVICE, token: other }])];
  const sent = await sendToService(
    probeContext,
    control.service,
    cases.map(({ case: { id }, token }) => ({ id, method, path, token })),
  );
  return cases.map(({ case: each }) => ({ ...sentAs(sent, each.id), case: each }));
}

/** Undefined where no other service of the lab is exposed. */
async function tokenOfOther(
  { context: { lab } }: Sending,
  { service, person }: PersonalControl,
  tokensFor: TokensFor,
): Promise<string | undefined> {
  const other = lab.services.filter(isExposed).find(({ id }) => id !== service.id);
  return other === undefined ? undefined : (await tokensFor(person, other.audience)).accessToken;
}
