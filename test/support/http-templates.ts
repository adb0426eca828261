// The provider `http` made of a template, for tests that look at what one does.

import { httpProvider } from '../../src/sms/http/http.ts'
import { type HttpTemplate, parseHttpTemplate } from '../../src/sms/http/template.ts'
import type { ProviderPorts, SmsAdapter } from '../../src/sms/provider.ts'
import { ports } from './ports.ts'

export const RECEIPT_SECRET = 'what-callbacks-are-proved-with'

/** @throws where it has mistakes, which it names. */
export function templateOf(setting: unknown): HttpTemplate {
  const template = parseHttpTemplate(setting)
  if (!template.ok) throw new Error(template.error.join('\n'))
  return template.value
}

export type ProviderOptions = {
  readonly secret?: string
  readonly baseUrl?: string | undefined
  /** Epoch milliseconds. */
  readonly now: number
  readonly ports?: Partial<ProviderPorts>
}

/** @throws as `templateOf` does. */
export function httpProviderOf(setting: unknown, options: ProviderOptions): SmsAdapter {
  return httpProvider({
    template: templateOf(setting),
    from: 'Example',
    secret: options.secret ?? 'the-secret',
    receiptSecret: RECEIPT_SECRET,
    baseUrl: options.baseUrl,
    ports: { ...ports, now: () => options.now, ...options.ports },
  })
}
