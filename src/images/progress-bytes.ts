import { type Readable, Transform } from 'node:stream';

const EVERY_MS = 500;

/** Adds up bytes and says the sum now and then: at once, and then at most twice a second. */
export function byteMeter(report: (bytes: number) => void): (more: number) => void {
  let bytes = 0;
  let next = 0;
  return (more) => {
    bytes += more;
    if (performance.now() < next) return;
    next = performance.now() + EVERY_MS;
    report(bytes);
  };
}

/** Passes a stream on and says how many bytes have gone through; failures pass too. */
export function countBytes(source: Readable, report: (bytes: number) => void): Readable {
  const count = byteMeter(report);
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      count(chunk.length);
      done(null, chunk);
    },
  });
  source.once('error', (error) => counter.destroy(error));
  counter.once('close', () => source.destroy());
  return source.pipe(counter);
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
