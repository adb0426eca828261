// Before each unit test file: modules as if nothing had loaded them. A file that replaces one (`vi.mock`) must
// neither find it loaded nor leave its own behind, though files share a process.

import { vi } from 'vitest'

vi.resetModules()
