/** Key, value, and when it expires: milliseconds since the epoch, null for never. */
export type KeptEntry = readonly [key: string, value: unknown, expiresAt: number | null];

/** As many as the provider's own store in memory holds; the oldest go. */
const MAX_ENTRIES = 1000;

/** How the members of a grant, which the provider keeps as a Map, stand in JSON; null stands for never. */
interface Members {
  readonly members: readonly (readonly [string, number | null])[];
}

/**
 * What the provider's adapter keeps its entries in, with a form that JSON can hold. A class, because the adapter calls
 * methods of it.
 */
export class KeptMap {
  readonly #entries = new Map<string, { readonly value: unknown; readonly expiresAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string): unknown {
    const found = this.#entries.get(key);
    if (found === undefined) return undefined;
    if (found.expiresAt > this.#now()) return found.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: unknown, options?: { readonly maxAge?: number }): void {
    const expiresAt = options?.maxAge === undefined ? Infinity : this.#now() + options.maxAge;
    this.#put(key, value, expiresAt);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** What has not expired, oldest first. */
  dump(): readonly KeptEntry[] {
    return [...this.#entries]
      .filter(([, { expiresAt }]) => expiresAt > this.#now())
      .map(([key, { value, expiresAt }]) => [key, toJson(value), orNull(expiresAt)] as const);
  }

  load(entries: readonly KeptEntry[]): void {
    for (const [key, value, expiresAt] of entries) {
      if ((expiresAt ?? Infinity) > this.#now()) this.#put(key, fromJson(value), expiresAt ?? Infinity);
    }
  }

  #put(key: string, value: unknown, expiresAt: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAt });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_ENTRIES) return;
      this.#entries.delete(oldest);
    }
  }
}

function toJson(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  return { members: [...value].map(([key, expiresAt]) => [key, orNull(expiresAt)]) };
}

function fromJson(value: unknown): unknown {
  if (!isMembers(value)) return value;
  return new Map(value.members.map(([key, expiresAt]) => [key, expiresAt ?? Infinity]));
}

/** Payloads of tokens have no such member: the provider names all of theirs. */
function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && 'members' in value && Array.isArray(value.members);
}

function orNull(expiresAt: number): number | null {
  return Number.isFinite(expiresAt) ? expiresAt : null;
}
