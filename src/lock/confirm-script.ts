// The script of the page "it was me", as text: asks for a passkey when the button is pressed, and never by
// itself, since whatever opens a link may run scripts.

import { PASSKEY_CLIENT } from '../account/passkey-client.ts'

export const CONFIRM_SCRIPT = `${PASSKEY_CLIENT}
const readOptions = (json) =>
  PublicKeyCredential.parseRequestOptionsFromJSON
    ? PublicKeyCredential.parseRequestOptionsFromJSON(json)
    : {
        ...json,
        challenge: toBytes(json.challenge),
        allowCredentials: toDescriptors(json.allowCredentials),
      }

offerPasskey(async (json) => {
  const { rawId, response } = await navigator.credentials.get({ publicKey: readOptions(json) })
  return {
    rawId,
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
    },
  }
})
`
