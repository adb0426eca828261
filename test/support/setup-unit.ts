// Runs before every unit test file, and itself anew each time: what it imports is there once for each process.

import './source-modules.ts'
