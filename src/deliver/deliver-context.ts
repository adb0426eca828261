export type { Context as DeliverContext } from '../context.ts'
