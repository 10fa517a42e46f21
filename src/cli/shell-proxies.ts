type Env = Readonly<Record<string, string | undefined>>;

const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

/**
 * NO_PROXY and no_proxy with the lab's names added, so that no program of this shell sends requests for them to a
 * proxy; nothing for a shell without proxies. Programs differ in which of the two they read and whether a name stands
 * for the names below it, so both are set, with both forms.
 * @param domain the zone of the lab
 */
export function completedNoProxy(env: Env, domain: string): Readonly<Record<string, string>> {
  if (PROXIES.every((name) => (env[name] ?? '') === '')) return {};
  const upper = env['NO_PROXY'] ?? env['no_proxy'] ?? '';
  const lower = env['no_proxy'] ?? upper;
  return { NO_PROXY: completed(upper, domain), no_proxy: completed(lower, domain) };
}

function completed(list: string, domain: string): string {
  const has = list.split(',').map((entry) => entry.trim());
  if (has.includes('*')) return list;
  const missing = [domain, `.${domain}`, '127.0.0.1'].filter((entry) => !has.includes(entry));
  return [...has.filter((entry) => entry !== ''), ...missing].join(',');
}
