// GET /openapi.json and GET /docs.
import { Hono } from 'hono'
import type { AppEnv } from '../app-env.ts'

export const docsRoutes = new Hono<AppEnv>()
