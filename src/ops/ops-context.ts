export type { Context as OpsContext } from '../context.ts'
