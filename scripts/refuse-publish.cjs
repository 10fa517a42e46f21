'use strict';

// npm runs this before it publishes. A version is published by the release workflow alone: docs/releasing.md.
const VARIABLE = 'MESHDEV_RELEASE';
const { version } = require('../package.json');

if (process.env[VARIABLE] !== version) {
  process.stderr.write(
    `meshdev ${version} is not published from here: ${VARIABLE} is ${process.env[VARIABLE] ?? 'not set'}, and the release workflow sets it to the version of its tag; see docs/releasing.md\n`,
  );
  process.exitCode = 1;
}
