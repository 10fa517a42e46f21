/** What a document calls by the names that a reader has: the lab `demo` on port 443, the directories of a user. */
const DOCUMENTED = { name: 'demo', httpsPort: 443, stateDir: '~/.local/state/meshdev', home: '~' } as const;

/** The lab that a document is run on, and the user who runs it. */
export interface PlaceOfDocs {
  readonly name: string;
  readonly httpsPort: number;
  readonly home: string;
  readonly stateDir: string;
}

/** Variables that make every command of a document one on this lab. */
export function variablesOf({ name, httpsPort }: PlaceOfDocs): Readonly<Record<string, string>> {
  return { MESHDEV_NAME: name, MESHDEV_HTTPS_PORT: String(httpsPort) };
}

/** A command of a document as it has to be written for this lab. */
export function toLab(command: string, { name, httpsPort }: PlaceOfDocs): string {
  return command
    .replaceAll(`meshdev-${DOCUMENTED.name}`, `meshdev-${name}`)
    .replaceAll(/(https:\/\/[a-z.]+\.localhost)(?![\w.:])/g, `$1:${httpsPort}`)
    .replaceAll(
      new RegExp(String.raw`127\.0\.0\.1:${DOCUMENTED.httpsPort}\b`, 'g'),
      `127.0.0.1:${httpsPort}`,
    );
}

/** What was printed on this lab as a document says it. */
export function toDocument(printed: string, { name, httpsPort, home, stateDir }: PlaceOfDocs): string {
  const port = (before: string, after = ''): RegExp =>
    new RegExp(String.raw`(?<=${before})${httpsPort}\b${after}`, 'g');
  return (
    printed
      .replaceAll(stateDir, DOCUMENTED.stateDir)
      .replaceAll(home, DOCUMENTED.home)
      // Remedies name a lab that has not the default name, and a port that was asked for.
      .replaceAll(` --name ${name}`, '')
      .replaceAll(` --https-port ${httpsPort}`, '')
      .replaceAll(new RegExp(String.raw`\b${name}\b`, 'g'), DOCUMENTED.name)
      .replaceAll(port(String.raw`localhost:`, '(?=:)'), String(DOCUMENTED.httpsPort))
      .replaceAll(port(String.raw`127\.0\.0\.1:|\bport `), String(DOCUMENTED.httpsPort))
      .replaceAll(new RegExp(String.raw`(?<=localhost):${httpsPort}\b`, 'g'), '')
  );
}
