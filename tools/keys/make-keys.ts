// Secrets that an operator makes, each in the form its setting is read in. Random by the system's generator; keeps nothing.

const KEY_BYTES = 32

/** By setting; one entry may make two settings that belong together. */
const MAKERS: Readonly<Record<string, () => Promise<Readonly<Record<string, string>>>>> = {
  WEBHOOK_SECRETS: async () => ({ WEBHOOK_SECRETS: `whsec_${base64()}` }),
  API_KEYS: async () => ({ API_KEYS: hex() }),
  CALLBACK_SECRETS: async () => ({ CALLBACK_SECRETS: `whsec_${base64()}` }),
  LINK_SECRETS: async () => ({ LINK_SECRETS: base64() }),
  DATA_SECRETS: async () => ({ DATA_SECRETS: base64() }),
  INFOBIP_RECEIPT_SECRET: async () => ({ INFOBIP_RECEIPT_SECRET: hex() }),
  HTTP_RECEIPT_SECRET: async () => ({ HTTP_RECEIPT_SECRET: hex() }),
  VAPID: makeVapidKeys,
}

export const KEY_NAMES: readonly string[] = Object.keys(MAKERS)

/** Every deployment needs these. */
export const USUAL_KEYS: readonly string[] = KEY_NAMES.slice(0, 5)

/** Lists: the first is current, all count. Others have one value, and a new one ends the former. */
export const LISTS: readonly string[] = USUAL_KEYS

/** Setting by setting. @throws where a name is none of `KEY_NAMES` */
export async function makeKeys(
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const made = await Promise.all(
    names.map((name) => {
      const make = MAKERS[name]
      if (!make) throw new Error(`${name} cannot be made here; there are: ${KEY_NAMES.join(', ')}`)
      return make()
    }),
  )
  return Object.assign({}, ...made)
}

function randomBytes(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(KEY_BYTES))
}

const base64 = () => Buffer.from(randomBytes()).toString('base64')
const hex = () => Buffer.from(randomBytes()).toString('hex')

/** RFC 8292: an uncompressed P-256 point and its private number, base64url. */
async function makeVapidKeys(): Promise<Readonly<Record<string, string>>> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
  ])
  if (!('privateKey' in pair)) throw new Error('no pair of keys was made')
  const point = await crypto.subtle.exportKey('raw', pair.publicKey)
  const { d } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  if (!(point instanceof ArrayBuffer) || d === undefined)
    throw new Error('no pair of keys was made')
  return {
    VAPID_PUBLIC_KEY: Buffer.from(point).toString('base64url'),
    VAPID_PRIVATE_KEY: d,
  }
}
