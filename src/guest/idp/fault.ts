/** What an error that ended a request says to the client, and to the log. */
export interface Fault {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  /** Of faults that are ours. */
  readonly stack?: string;
}

/** Errors of oidc-provider and Koa say by their status whether the client is at fault; all others are ours. */
export function faultOf(error: unknown): Fault {
  const status: unknown = error instanceof Error ? Reflect.get(error, 'statusCode') : undefined;
  if (typeof status === 'number' && status >= 400 && status < 500)
    return { status, title: 'The request was refused', text: 'It does not fit what was begun here.' };
  return {
    status: 500,
    title: 'This went wrong here',
    text: 'The log of the identity provider says why.',
    stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
