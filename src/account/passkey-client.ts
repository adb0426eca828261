// What the scripts of the two passkey pages share, as the text a browser gets: one button that asks for a
// passkey and posts the form with the answer in a hidden field. Without it the page only says what it needs.

/**
 * Page: forms, each with `data-options` (JSON) and fields `challenge` and `credential`; inside each `[data-offer]`
 * around the button, `[data-failed]` and `[data-unsupported]`, all three hidden.
 *
 * The answer is taken apart here and not by `toJSON()`: the objects that password managers put in its place
 * have none, or one that throws.
 */
export const PASSKEY_CLIENT = `'use strict'
const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
const toDescriptors = (list) => (list || []).map((item) => ({ ...item, id: toBytes(item.id) }))

function offerPasskey(ask) {
  for (const form of document.querySelectorAll('form[data-options]')) offerIn(form, ask)
}

function offerIn(form, ask) {
  const part = (name) => form.querySelector('[data-' + name + ']')
  if (!window.PublicKeyCredential || !navigator.credentials) {
    part('unsupported').hidden = false
    return
  }
  const button = part('offer').querySelector('button')
  const field = form.elements.namedItem('credential')
  part('offer').hidden = false
  button.addEventListener('click', async (event) => {
    if (field.value !== '') return
    event.preventDefault()
    if (!form.reportValidity()) return
    part('failed').hidden = true
    button.disabled = true
    try {
      const { rawId, response } = await ask(JSON.parse(form.dataset.options))
      const id = toText(rawId)
      field.value = JSON.stringify({ id, rawId: id, type: 'public-key', response })
      form.submit()
    } catch {
      part('failed').hidden = false
    } finally {
      button.disabled = false
    }
  })
}
`
