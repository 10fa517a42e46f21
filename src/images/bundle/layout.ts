import type { BundledBlob, BundleManifest } from './manifest.ts';
import { manifestText } from './manifest.ts';

/** Where the parts of a bundle are in its file, in bytes. Everything follows from the manifest. */
export interface Layout {
  /** Position of each blob's compressed bytes, by digest. */
  readonly blobs: ReadonlyMap<string, Extent>;
  /** Length of the archive; the last line follows. */
  readonly archive: number;
  readonly total: number;
}

export interface Extent {
  readonly at: number;
  readonly blob: BundledBlob;
}

const BLOCK = 512;
export const MANIFEST_NAME = 'manifest.json';
/** `sha256:` and 64 digits, and the end of the line. */
export const LAST_LINE = 72;
/** A manifest of three images is 4 kB. */
export const MANIFEST_LIMIT = 1 << 20;

export function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}.zst`;
}

/** Pure. */
export function layoutOf(manifest: BundleManifest): Layout {
  const manifestBytes = Buffer.byteLength(manifestText(manifest));
  let at = 2 * BLOCK + padded(manifestBytes);
  const blobs = new Map<string, Extent>();
  for (const blob of manifest.blobs) {
    blobs.set(blob.digest, { at, blob });
    at += padded(blob.stored) + BLOCK;
  }
  // After the last blob's content come two empty blocks; a header was added for one that is not there.
  const archive = at + BLOCK;
  return { blobs, archive, total: archive + LAST_LINE };
}

function padded(bytes: number): number {
  return Math.ceil(bytes / BLOCK) * BLOCK;
}

/** Name and length that a tar header gives; undefined when it is none. Pure. */
export function readTarHeader(header: Buffer): { readonly name: string; readonly bytes: number } | undefined {
  if (header.length < BLOCK || header.toString('latin1', 257, 262) !== 'ustar') return undefined;
  const name = header.toString('latin1', 0, 100).replace(/\0.*$/s, '');
  const octal = header.toString('latin1', 124, 136).replace(/[\0 ]+$/, '');
  return /^[0-7]+$/.test(octal) ? { name, bytes: Number.parseInt(octal, 8) } : undefined;
}
