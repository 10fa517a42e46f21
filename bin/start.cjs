'use strict';

// A file of its own: an old Node.js cannot read import().
void import('../dist/bin/main.js');
