// The page that asks for a passkey where it is the only proof there is: the press of another page's form comes again with its
// answer, as it was made. Works for every form alike; what the change takes and means is not its matter.

import { html } from 'hono/html'
import type { AssertionOffer } from '../../account/passkey-answer.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import { portalPage, problemNote, visitBasics } from '../layout.ts'
import { OWNERS_PAGES } from '../pages.ts'
import { type PageStatus, respond } from '../respond.ts'
import type { VisitContext } from '../visit/visit-env.ts'
import { passkeyFields } from './passkey-fields.ts'

/** What an answer brings, and what is made anew for the next one. */
const ANSWER_FIELDS = ['challenge', 'credential']

type Ask = { readonly offer: AssertionOffer; readonly problem: string | null }

export function askPasskey(
  c: VisitContext,
  { status, ...ask }: Ask & { readonly status: PageStatus },
): Promise<Response> {
  const { form, language } = c.var
  const action = c.req.path
  const fields = [...form].filter(([name]) => !ANSWER_FIELDS.includes(name))
  const page = pageOf(action)
  const heading = page?.heading(language.portal, language) ?? language.portal.confirm.heading
  const back = page?.path ?? paths.portal
  const body = askBody(visitBasics(c), { ...ask, action, fields, back })
  // The script of the page "it was me", which asks for a passkey too.
  const shown = { heading, current: back, body, script: paths.lockConfirmScript }
  return respond(portalPage(c, shown), status, { hasScript: true })
}

/** Whose form it is. */
function pageOf(action: string) {
  return OWNERS_PAGES.filter(({ path }) => action === path || action.startsWith(`${path}/`))
    .toSorted((one, other) => one.path.length - other.path.length)
    .at(-1)
}

type Form = {
  readonly action: string
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly back: string
}

function askBody(
  { language, exchange }: PageBasics,
  { offer, problem, action, fields, back }: Ask & Form,
): Markup {
  const { common, confirm, entry, passkey } = language.portal
  const button = html`<button class="calm" type="submit">${entry.button}</button>`
  return html`<h2>${confirm.heading}</h2>
    ${problemNote(problem)}
    <form method="post" action="${action}" data-options="${offer.options}">
      ${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      ${passkeyFields(language, offer, button)}
    </form>
    <p><a href="${back}">${common.back}</a></p>
    <p class="muted">${fill(common.recovery, { exchange })}</p>
    <p><a href="${paths.portalPasskeys}">${passkey.heading}</a></p>`
}
