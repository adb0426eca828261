// An answer of Cloudflare's API in its envelope, and what it is an answer to.

import type { FakeAccount } from './account.ts'

export type Ask = {
  readonly account: FakeAccount
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: unknown
}

export type Answer = { readonly status: number; readonly content: unknown }

export const fine = (result: unknown, more: object = {}): Answer => ({
  status: 200,
  content: { success: true, result, errors: [], messages: [], ...more },
})

export const refused = (status: number, code: number, message: string): Answer => ({
  status,
  content: { success: false, result: null, errors: [{ code, message }], messages: [] },
})

export const NO_WORKER = refused(404, 10007, 'This Worker does not exist on your account.')
