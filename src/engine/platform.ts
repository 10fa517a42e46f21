/** The engine's machine as the kernel calls it, in the words of images: `uname -m` to GOARCH. */
const ENGINE_ARCH: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  amd64: 'amd64',
  aarch64: 'arm64',
  arm64: 'arm64',
};

/** Node.js's names in the same words. */
const HOST_ARCH: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Platform of images that the engine runs without emulation: `linux/arm64`. Pure. */
export function enginePlatform(info: { readonly osType: string; readonly arch: string }): string {
  return `${info.osType}/${ENGINE_ARCH[info.arch] ?? info.arch}`;
}

/**
 * Platform of programs that run on this machine, as Go names it: `darwin/arm64`. It is not the
 * engine's: on macOS that is a Linux in a virtual machine. Pure.
 */
export function hostPlatform(platform: string, arch: string): string {
  return `${platform === 'win32' ? 'windows' : platform}/${HOST_ARCH[arch] ?? arch}`;
}
