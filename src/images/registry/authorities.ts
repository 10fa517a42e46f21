import { getCACertificates } from 'node:tls';

/**
 * Authorities of Node.js, of this system and the user's own, read once, when they are first needed: some
 * systems take many seconds to hand out theirs, and nothing else happens meanwhile.
 * @param own PEM
 */
export function rememberAuthorities(
  own: string | undefined,
  read: () => readonly string[] = systemAuthorities,
): () => readonly string[] {
  let known: readonly string[] | undefined;
  return () => (known ??= [...read(), ...(own === undefined ? [] : [own])]);
}

function systemAuthorities(): readonly string[] {
  return [...getCACertificates('default'), ...getCACertificates('system')];
}
