// The service worker's script, at the root so that it may serve every page. The same for everybody.

import { Hono } from 'hono'
import { paths } from '../../paths.ts'
import { scriptResponse } from '../respond.ts'
import { PUSH_WORKER_SCRIPT } from './script.ts'

export const pushWorkerRoutes = new Hono()

pushWorkerRoutes.get(paths.pushWorker, () => scriptResponse(PUSH_WORKER_SCRIPT))
