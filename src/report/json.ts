/** What a document that `-o json` prints can be; docs/ci.md has the list. */
export const DOCUMENT_KINDS = [
  'Bundle',
  'BundleCreated',
  'CheckList',
  'CheckReport',
  'Config',
  'ConfigCreated',
  'ConfigSchema',
  'ConfigValidation',
  'DeclaredAccess',
  'DecodedToken',
  'DocsPage',
  'DocsTopics',
  'DoctorReport',
  'DownPlan',
  'DownPlans',
  'DownReport',
  'DownReports',
  'EngineStatus',
  'EngineStop',
  'Environment',
  'Error',
  'Explanation',
  'ImageInventory',
  'ImageLock',
  'ImagesProvided',
  'ImagesPruned',
  'LabList',
  'PauseReport',
  'Plan',
  'ResumeReport',
  'Status',
  'StopPlan',
  'StopReport',
  'Token',
  'UpReport',
  'Versions',
] as const;

/** What every document of `-o json` has in common. */
export interface JsonDocument {
  readonly schemaVersion: '1';
  readonly kind: (typeof DOCUMENT_KINDS)[number];
}

/** A document as `-o json` prints it: one for each run of a command. */
export function json(document: JsonDocument & Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
