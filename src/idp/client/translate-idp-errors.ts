import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import type { ProblemCode } from '../../errors/problems.ts';
import type { EdgeAccess } from '../../edge/edge-request.ts';

const NOT_THERE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH']);

/** Runs a conversation with the identity provider and says in the lab's words what went wrong. */
export async function translateIdpErrors<T>(
  { lab, signal }: EdgeAccess,
  doing: string,
  talk: () => Promise<T>,
): Promise<T> {
  try {
    return await talk();
  } catch (error) {
    if (error instanceof MeshdevError) throw error;
    const code = signal.aborted ? 'INTERRUPTED' : codeOf(error);
    throw new MeshdevError(code, {
      message: `${doing} at ${lab.issuer}: ${wordsOf(error)}`,
      remedies: code === 'LAB_NOT_UP' ? [`meshdev up --name ${lab.name}`] : [],
      cause: error,
    });
  }
}

function codeOf(error: unknown): ProblemCode {
  const chain = causes(error);
  if (chain.some((each) => NOT_THERE.has(String(field(each, 'code'))))) return 'LAB_NOT_UP';
  if (chain.some(({ name }) => name === 'TimeoutError')) return 'TIMED_OUT';
  return 'TOKEN_REFUSED';
}

/** The provider's own `error` and `error_description` where it gave them, else the innermost text. */
function wordsOf(error: unknown): string {
  const chain = causes(error);
  for (const each of chain) {
    const said = oauthWords(each) ?? oauthWords(challengeParameters(each));
    if (said !== undefined) return said;
  }
  return textOf(chain.at(-1) ?? error);
}

function oauthWords(from: object | undefined): string | undefined {
  if (from === undefined) return undefined;
  const said = [field(from, 'error'), field(from, 'error_description')].filter(
    (word) => typeof word === 'string',
  );
  return said.length === 0 ? undefined : said.join(': ');
}

/** A 401 of the token endpoint: openid-client keeps the parsed `WWW-Authenticate` as the cause. */
function challengeParameters(error: Error): object | undefined {
  const challenges: unknown = error.cause;
  const first: unknown = Array.isArray(challenges) ? challenges[0] : undefined;
  const parameters = typeof first === 'object' && first !== null ? field(first, 'parameters') : undefined;
  return typeof parameters === 'object' && parameters !== null ? parameters : undefined;
}

/** The error and its causes, outermost first. */
function causes(error: unknown): readonly Error[] {
  if (!(error instanceof Error)) return [];
  return [error, ...causes(error.cause)];
}

function field(from: object, name: string): unknown {
  return Reflect.get(from, name);
}
