import type { MachineFile } from '../ports/machine-files.ts';

/** A file or directory of the lab's secrets, as the disk has it. */
export interface PrivateEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'other';
  readonly mode: number;
  readonly uid: number;
}

export interface PrivateFiles {
  readonly entries: readonly PrivateEntry[];
  /** Whose they have to be; undefined on systems without users. */
  readonly uid: number | undefined;
}

/** A private key that was found somewhere, by the fingerprint of its public half. */
export interface KeyFound {
  /** SHA-256 of the public key (SPKI, DER). */
  readonly fingerprint: string;
  /** `container meshdev-demo-edge /etc/caddy/pki/…`, `secret istio-system/cacerts ca-key.pem`. */
  readonly where: string;
}

export interface KeyCopies {
  /** The CA keys of the lab, by what they are: `edge-root`. */
  readonly authorities: Readonly<Record<string, string>>;
  readonly found: readonly KeyFound[];
  /** What was searched: `container meshdev-demo-edge`, `12 secrets and 20 config maps`; `only a part of …`. */
  readonly searched: readonly string[];
  /** Directories of the containers whose text files were read. */
  readonly places: readonly string[];
}

/** Something that looks like a secret where none may be. */
export interface Leak {
  /** `log of meshdev-demo-edge`, `environment of container …`. */
  readonly where: string;
  /** What it is, never its value: `private key`, `live access token of ann`, `password of ben`. */
  readonly what: string;
  /** Of something in a log. */
  readonly line?: LeakedLine;
  /** Of a token, which ends by itself: when, in milliseconds since the epoch, as far as it says. */
  readonly token?: { readonly until: number | undefined };
}

/** A line of a log by what tells it from others; what is a credential in it has been cut out. */
export interface LeakedLine {
  readonly log: LogPlace;
  /** RFC 3339, as the runtime has it. */
  readonly at: string;
  /** `GET /anything/REDACTED`; undefined where the line is not of a request. */
  readonly request: string | undefined;
  /** The edge's id of the request. */
  readonly id: string | undefined;
  /** How many lines of this log hold the same. */
  readonly times: number;
}

/** Whose log. */
export type LogPlace =
  | { readonly kind: 'container'; readonly name: string }
  | { readonly kind: 'pod'; readonly namespace: string; readonly pod: string; readonly container: string }
  | { readonly kind: 'journal' };

export interface Leaks {
  readonly found: readonly Leak[];
  readonly searched: readonly SearchedPlace[];
  /** Tokens in logs that nobody accepts, or nobody any more. */
  readonly dead: number;
}

export interface SearchedPlace {
  readonly place: string;
  readonly bytes: number;
  /** There is more of it, and older, that was not read. */
  readonly partly?: true;
}

/** Files of the machine that belong to its user: now, and as the first `up` found them. */
export interface Machine {
  readonly now: readonly MachineFile[];
  /** By path. Undefined for a lab of an older meshdev, which recorded nothing. */
  readonly before: Readonly<Record<string, RecordedFile>> | undefined;
}

export interface RecordedFile {
  readonly digest: string;
  readonly mentions: readonly string[];
}

export interface PublishedListener {
  readonly container: string;
  readonly address: string;
  readonly port: number;
}
