// The contract every SMS provider fulfils. An adapter is told a finished message and says what the
// provider's answer means; it never retries, never waits, never chooses another provider. It does not
// know its own name either: that is its key in registry.ts.

import type { Ports } from '../lib/ports.ts'
import type { Result } from '../lib/result.ts'
import type { SettingProblem, Settings, SettingTable } from '../lib/settings.ts'
import type { FailureClass } from './outcome-classes.ts'

/** Ids a regulator gave to a registered text and its owner (India's DLT calls them so). */
export type MessageTemplate = {
  readonly templateId: string
  readonly entityId?: string
}

/** One text to one number, ready to be sent as it is. */
export type OutboundMessage = {
  /** E.164 with the leading plus. */
  readonly to: string
  readonly text: string
  /** Whom it comes from: a number, a short code, a name, or the id of a pool of the provider's. */
  readonly from: string
  /** The registered template this text follows, where a country demands one; else absent. */
  readonly template?: MessageTemplate
  /** Authenticated, opaque, unique per attempt; comes back in the receipt. `[A-Za-z0-9_-]`, ≤ 200; ≤ 224 of `http:<name>`. */
  readonly ref: string
  /** Absolute URL (no query) that takes this attempt's receipts. */
  readonly receiptUrl: string
  /** 1 for the first provider tried, 2 for the next; some providers want to know. */
  readonly attempt: number
  /** The provider should give up after this long rather than deliver a stale warning. */
  readonly validitySeconds: number
}

export type ProviderRequest = {
  readonly method: 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What came back; `body` is capped and decoded, `headers` has lower-case names. */
export type ProviderResponse = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type SendFailure = {
  readonly class: FailureClass
  /** The provider's own code (`21211`), or `http_503`, `timeout`, `unreadable_body`. Never prose. */
  readonly code: string
  /** `country`: only this destination is refused, so only its breaker may open. Else that of the class. */
  readonly scope?: 'country'
  readonly retryAfterMs?: number
}

export type SendOutcome =
  | { readonly class: 'accepted'; readonly providerMessageId: string; readonly segments?: number }
  | SendFailure

/** What a provider reports later of one attempt. */
export type Receipt = {
  /** The `ref` the provider echoed in the body, when it does; else the one in the path counts. */
  readonly ref?: string
  readonly providerMessageId: string
  readonly event:
    | { readonly state: 'sent' }
    | { readonly state: 'delivered' }
    | { readonly state: 'failed'; readonly class: FailureClass; readonly code: string }
  /** The carrier's instant, epoch milliseconds, when the provider gives one. */
  readonly at?: number
}

/** A text somebody sent to one of our senders (MO). */
export type InboundMessage = {
  readonly providerMessageId: string
  /** The sender's number, E.164 with the leading plus. Networks let it be forged. Null for a name or a short code. */
  readonly from: string | null
  /** Which of our senders it went to: E.164 with the plus, or a short code's digits. Nothing hangs on it. */
  readonly to: string | null
  readonly text: string
  /** The provider has answered an opt-out word itself: a second answer would be one too many. */
  readonly isAnswered: boolean
  /** Epoch milliseconds, when the provider gives an instant. */
  readonly at?: number
}

/** A request of a provider to us, unparsed: signatures are over exactly these bytes. */
export type RawCallback = {
  /** The public URL the provider was given, with its query; never built from Host headers. */
  readonly url: string
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer>
}

/**
 * `unsigned`: refuse and log. `stale`: signed, at another time. `signature_version`: signed in a way we
 * do not take, which the provider can be told to change. `malformed`: signed, but not a report we
 * understand. `unavailable`: what proves it could not be had now, so it shall come again.
 */
export type CallbackRefusal = {
  readonly reason: 'unsigned' | 'stale' | 'signature_version' | 'malformed' | 'unavailable'
}

/** Access tokens that have to be fetched before the first text can be sent. */
export type TokenSource = {
  /** The one that is kept, or a new one within `timeoutMs`. */
  readonly token: (timeoutMs: number) => Promise<Result<string, SendFailure>>
  /** The API no longer takes it. */
  readonly drop: (token: string) => void
}

export interface SmsAdapter {
  /** Its `*_FROM` setting: what a text comes from where no other sender is set for the country. */
  readonly defaultSender: string
  /** False where no receipt will ever come, so none is waited for. */
  readonly hasReceipts: boolean
  /** Its receipts name neither our reference nor come to a URL that does: its own message id has to be kept. */
  readonly reportsById?: boolean
  /** Its callbacks may be GET requests, all of them in the query. */
  readonly reportsByGet?: boolean
  /** Takes no 204 for an answer to its callbacks. */
  readonly acknowledgeWith?: 200
  /** Absent where what is set is enough to send. */
  readonly tokens?: TokenSource
  /**
   * The HTTP request that sends this message; a promise only because WebCrypto signs in promises. `token` is of `tokens`,
   * where there are any.
   */
  buildRequest(message: OutboundMessage, token?: string): ProviderRequest | Promise<ProviderRequest>
  /** Pure and total: what any answer at all means. */
  readResponse(response: ProviderResponse): SendOutcome
  /** Verifies on raw bytes, then reads; one request may report several attempts, or none of interest. */
  readReceipts(
    callback: RawCallback,
    now: number,
  ): Promise<Result<readonly Receipt[], CallbackRefusal>>
  /** The same for texts that people sent to us; ours to answer, theirs to be doubted. */
  readInbound(
    callback: RawCallback,
    now: number,
  ): Promise<Result<readonly InboundMessage[], CallbackRefusal>>
}

/** Some write instants into their requests; Amazon's signatures need a certificate fetched. */
export type ProviderPorts = Pick<Ports, 'now' | 'after' | 'fetch'>

/** A provider in the registry: all that is said of it elsewhere is made of this, or held against it. */
export type ProviderEntry = {
  /** As people call it. */
  readonly label: string
  readonly settings: SettingTable
  /** Where the operator enters the URL for texts that people send, in Markdown; null: none ever come. */
  readonly inbound: { readonly where: string; readonly query?: string } | null
  /** Null after a problem was recorded for every setting that is missing or malformed. */
  readonly configure: (
    settings: Settings,
    problems: SettingProblem[],
    ports: ProviderPorts,
  ) => SmsAdapter | null
}
