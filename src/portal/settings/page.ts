// The page of preferences: how alerts go out, in which language, with which phrase. Markup only.

import { html } from 'hono/html'
import type { Account } from '../../account/accounts.ts'
import { PHRASE_MAX_LENGTH } from '../../alert/parts.ts'
import type { Markup, PageBasics } from '../../page/markup.ts'
import { fill } from '../../page/words.ts'
import type { Language } from '../../words/language.ts'
import { LANGUAGES } from '../../words/languages.ts'
import { authenticatorLink } from '../authenticator/page.ts'
import { proofFields } from '../change/proof-fields.ts'
import type { ProofField } from '../change/prove.ts'
import { problemNote } from '../layout.ts'

export type Settings = {
  readonly alerts: Account['alerts']
  /** Of a language of ours, or null for the browser's. */
  readonly tag: string | null
  readonly phrase: string
}

export type SettingsState = {
  readonly settings: Settings
  /** Of alerts: those that the profile lets an owner choose from. */
  readonly choices: readonly Account['alerts'][]
  readonly problem: string | null
  readonly isPhraseRefused: boolean
  readonly hasAuthenticator: boolean
  /** A code is asked for, if there is a way to give one. */
  readonly proof: { readonly field: ProofField | null } | null
}

export function settingsBody(page: PageBasics, state: SettingsState): Markup {
  const { language, exchange } = page
  const { settings: words, common } = language.portal
  const { settings, choices } = state
  const choice = (value: Account['alerts']) => html`<p><label><input type="radio" name="alerts"
    value="${value}" ${value === settings.alerts ? 'checked' : ''} /> ${words[value]}</label>
    <span class="muted">${words[`${value}Text`]}</span></p>`
  return html`${problemNote(state.problem)}
    <form method="post">
      <fieldset><legend>${words.alerts}</legend>${choices.map(choice)}
        ${choices.includes('off') ? '' : html`<p class="muted">${fill(words.required, { exchange })}</p>`}</fieldset>
      <label for="language">${words.language}</label>
      <select id="language" name="language">
        <option value="" ${settings.tag === null ? 'selected' : ''}>${words.browserLanguage}</option>
        ${LANGUAGES.map((one) => languageOption(one, settings.tag))}
      </select>
      <label for="phrase">${words.phrase}</label>
      <input id="phrase" name="phrase" type="text" autocomplete="off" maxlength="${PHRASE_MAX_LENGTH}"
        value="${settings.phrase}" aria-describedby="phrase-hint"
        aria-invalid="${state.isPhraseRefused ? 'true' : 'false'}" />
      <small id="phrase-hint">${fill(words.phraseHint, { max: PHRASE_MAX_LENGTH })}</small>
      ${state.proof === null ? '' : proofFields(page, state.proof.field)}
      <button class="calm" type="submit">${common.save}</button>
    </form>
    <p>${authenticatorLink(language, state.hasAuthenticator)}</p>`
}

/** Each by its own name: whoever needs it can read that. */
function languageOption({ tag }: Language, selected: string | null): Markup {
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag
  return html`<option value="${tag}" lang="${tag}" ${tag === selected ? 'selected' : ''}>${name}</option>`
}
