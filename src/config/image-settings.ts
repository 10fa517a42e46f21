import type { ProfileName } from '../profiles.ts';

/** Registry to mirror; `*` stands for every registry without one of its own. */
export type Mirrors = Readonly<Record<string, string>>;

/** Where release files of tools are published. */
export const DEFAULT_DOWNLOADS = 'https://github.com';

/** How images are brought, settled; all paths absolute. */
export interface ImageSettings {
  readonly bundle?: string;
  readonly mirror: Mirrors;
  /** Whose images are behind the official names: the projects', or those that `packages` built. */
  readonly profile: ProfileName;
  readonly downloads: string;
  /** PEM file with authorities that are trusted beside the machine's own, for pulls and downloads alone. */
  readonly ca?: string;
  /** Lock file of the project; unset: one in the state directory. */
  readonly lock?: string;
}
