// Runs before every file of the worker and browser tests.

import { afterEach } from 'vitest'
import { expectAsDescribed } from './check-answers.ts'

afterEach(expectAsDescribed)
