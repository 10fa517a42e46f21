/** So many times as far as the nearest one is only a guess: `tokn` is token, and not down. */
const FAR = 2;

/** The candidates that are spelt most like the word, nearest first; none that is only a guess. */
export function nearest(word: string, candidates: readonly string[], count = 3): readonly string[] {
  const wanted = word.toLowerCase();
  const near = [...new Set(candidates)]
    .map((candidate) => ({ candidate, far: distanceTo(wanted, candidate.toLowerCase()) }))
    .filter(({ far }) => far <= Math.max(2, Math.ceil(wanted.length / 3)))
    .toSorted((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1));
  const least = near[0]?.far ?? 0;
  return near
    .filter(({ far }) => far === least || far < FAR * least)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** The question at the end of a message; empty where nothing is near. */
export function didYouMean(near: readonly string[]): string {
  return near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
}

/** A word that begins the other is near, whatever follows. */
function distanceTo(word: string, candidate: string): number {
  const edits = editsBetween(word, candidate);
  return word.length >= 3 && candidate.startsWith(word) ? Math.min(edits, 1) : edits;
}

/** Levenshtein, one row at a time. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
