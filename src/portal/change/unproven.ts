// What a page answers where its change is not proven, the same for each: whoever has nothing to prove it with sets that up, a
// hold freezes it, and else the page comes again and asks; for a passkey, one of the same form for all. How a page is drawn is
// its own.

import { paths } from '../../paths.ts'
import { seeOther } from '../respond.ts'
import type { VisitContext } from '../visit/visit-env.ts'
import { askPasskey } from './ask-passkey.ts'
import type { ProofField, ProofVerdict } from './prove.ts'

export type Unproven = Exclude<ProofVerdict, { kind: 'proven' }>

export type Missing = {
  /** Null where nothing that was typed is wrong. */
  readonly problem: string | null
  /** The field for what is asked; null while a hold freezes the change, and nothing is. */
  readonly asked: { readonly field: ProofField | null } | null
  readonly status: 409 | 422 | 429
}

export async function answerUnproven(
  c: VisitContext,
  verdict: Unproven,
  show: (missing: Missing) => Promise<Response>,
): Promise<Response> {
  switch (verdict.kind) {
    case 'set_up':
      return seeOther(paths.portalAuthenticator)
    case 'frozen':
      return show({ problem: c.var.language.portal.common.frozen, asked: null, status: 409 })
    case 'asked': {
      const { problem, field, offer, status } = verdict
      if (offer) return askPasskey(c, { offer, problem, status })
      return show({ problem, asked: { field }, status })
    }
  }
}
