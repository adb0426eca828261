// All of a provider that the world has to know: who it is on the page, its keys, its protocol, and the
// settings by which Lockline finds it. One kit a provider, in kits/.

import type { AnyCarrierName, CarrierProtocol } from './carrier-protocol.ts'
import type { InboundWriter } from './inbound-text.ts'

export type CarrierKit<Name extends AnyCarrierName, Secrets> = {
  /** As the page calls it. */
  readonly label: string
  /** Whom its texts come from. */
  readonly sender: string
  readonly createSecrets: () => Partial<Secrets>
  /** `origin`: where the Worker is for the outside. */
  readonly createProtocol: (secrets: Secrets, origin: () => string) => CarrierProtocol<Name>
  /** Left out where no text can come in by itself. */
  readonly createInbound?: (secrets: Secrets) => InboundWriter
  /** What the operator has to add to the URL for inbound texts. */
  readonly inboundQuery?: (secrets: Secrets) => string
  /** The Worker's, as in its environment; `origin` is the carrier's. */
  readonly settings: (secrets: Secrets, origin: string) => Readonly<Record<string, string>>
}

/** Keeps what the kit's own secrets are, for the world's to be made of. */
export function carrierKit<Name extends AnyCarrierName, Secrets>(
  kit: CarrierKit<Name, Secrets> & { readonly createSecrets: () => Secrets },
) {
  return kit
}
