/** What kind of machine this is, as far as it changes what meshdev does. */
export type HostKind = 'linux' | 'wsl' | 'macos' | 'windows' | 'other';

/**
 * @param platform as Node.js names it
 * @param release of the kernel: in WSL2 `6.6.87.2-microsoft-standard-WSL2`. Pure.
 */
export function hostKind(platform: string, release: string): HostKind {
  if (platform === 'darwin') return 'macos';
  if (platform === 'win32') return 'windows';
  if (platform !== 'linux') return 'other';
  return /microsoft/i.test(release) ? 'wsl' : 'linux';
}

/** Whether a path looks like a drive of Windows, as WSL shows them: modes of files mean nothing there. Pure. */
export function isOnWindowsDrive(path: string): boolean {
  return /^\/mnt\/[a-z](\/|$)/.test(path);
}
