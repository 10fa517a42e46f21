const SECOND_MS = 1000;
const LONGEST_MS = 60 * SECOND_MS;
/** Failures count until nothing has failed for so long. */
const MEMORY_MS = 15 * 60 * SECOND_MS;
/** Keys that are remembered; beyond that the one that failed longest ago is forgotten. */
const MOST_KEYS = 1000;

interface Failures {
  readonly count: number;
  readonly lastAt: number;
}

/**
 * Exponential backoff by key: so many failures are free, then the next attempt has to wait for 1 s, 2 s, 4 s
 * and so on, up to a minute. Attempts that come too early are not failures: waiting always ends.
 */
export class Throttle {
  readonly #free: number;
  readonly #now: () => number;
  /** In the order of the last failure. */
  readonly #failures = new Map<string, Failures>();

  /** @param now milliseconds; must never go back */
  constructor(free: number, now: () => number) {
    this.#free = free;
    this.#now = now;
  }

  /** Milliseconds until an attempt of this key is taken; 0 = now. */
  waitMs(key: string): number {
    const { count, lastAt } = this.#recall(key);
    if (count < this.#free) return 0;
    const delay = Math.min(SECOND_MS * 2 ** (count - this.#free), LONGEST_MS);
    return Math.max(0, lastAt + delay - this.#now());
  }

  failed(key: string): void {
    const { count } = this.#recall(key);
    this.#failures.delete(key);
    this.#failures.set(key, { count: count + 1, lastAt: this.#now() });
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= MOST_KEYS) return;
      this.#failures.delete(oldest);
    }
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#failures.size;
  }

  #recall(key: string): Failures {
    const known = this.#failures.get(key);
    if (known !== undefined && this.#now() - known.lastAt < MEMORY_MS) return known;
    return { count: 0, lastAt: 0 };
  }
}
