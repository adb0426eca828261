// The script of the page of passkeys, as text: makes one when its button is pressed, and nothing before.

import { PASSKEY_CLIENT } from '../../account/passkey-client.ts'

export const PASSKEY_SCRIPT = `${PASSKEY_CLIENT}
const readOptions = (json) =>
  PublicKeyCredential.parseCreationOptionsFromJSON
    ? PublicKeyCredential.parseCreationOptionsFromJSON(json)
    : {
        ...json,
        challenge: toBytes(json.challenge),
        user: { ...json.user, id: toBytes(json.user.id) },
        excludeCredentials: toDescriptors(json.excludeCredentials),
      }

const readTransports = (response) => {
  try {
    return response.getTransports()
  } catch {
    return []
  }
}

offerPasskey(async (json) => {
  const { rawId, response } = await navigator.credentials.create({ publicKey: readOptions(json) })
  return {
    rawId,
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      attestationObject: toText(response.attestationObject),
      transports: readTransports(response),
    },
  }
})
`
