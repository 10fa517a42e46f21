import type { ServiceValues } from './services/service-schema.ts';

/** Names of variables whose value is not for other eyes. */
const CREDENTIAL = /pass|secret|token|credential|private|api_?key|access_?key|auth/i;

/** `//user:password@` of a URL. */
const USERINFO = /\/\/[^/@\s]+@/g;

const HIDDEN = '[redacted]';

/** A service without what looks like a credential in its variables and commands. Pure. */
export function withoutCredentials(values: ServiceValues): ServiceValues {
  const { environment, build, command, local } = values;
  return {
    ...values,
    ...(environment === undefined ? {} : { environment: variables(environment) }),
    ...(typeof build === 'object' && build.args !== undefined
      ? { build: { ...build, args: variables(build.args) } }
      : {}),
    ...(command === undefined ? {} : { command: command.map(withoutUser) }),
    ...(local?.command === undefined ? {} : { local: { ...local, command: withoutUser(local.command) } }),
  };
}

function variables(given: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, CREDENTIAL.test(name) ? HIDDEN : withoutUser(value)]),
  );
}

function withoutUser(text: string): string {
  return text.replaceAll(USERINFO, `//${HIDDEN}@`);
}
