/** Ids of the requests that people of the sample send through the whole chain. */
export const WALK = {
  adminRead: 'alice-read',
  adminAdmin: 'alice-admin',
  adminUnlisted: 'alice-unlisted',
  adminWrongMethod: 'alice-wrong-method',
  adminBody: 'alice-body',
  viewerRead: 'bob-read',
  viewerAdmin: 'bob-admin',
  viewerAdminEncoded: 'bob-admin-encoded',
  viewerAdminDots: 'bob-admin-dots',
  rolelessRead: 'eve-read',
} as const;
