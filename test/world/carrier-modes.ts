// How a simulated carrier can behave, and what each way is called for people.

export const CARRIER_MODES = [
  'ok',
  'slow',
  'hang',
  'hang-after-accept',
  'refuse',
  'reset',
  '500',
  '429',
  'garbage',
  'rejected',
  'undelivered',
  'false-receipts',
  'no-receipt',
  'late-receipt',
  'duplicate-receipts',
  'reordered-receipts',
  'forged-receipts',
] as const

export type CarrierMode = (typeof CARRIER_MODES)[number]

export function isCarrierMode(text: unknown): text is CarrierMode {
  return CARRIER_MODES.some((mode) => mode === text)
}

export const CARRIER_MODE_LABELS: Readonly<Record<CarrierMode, string>> = {
  ok: 'Works',
  slow: 'Answers slowly',
  hang: 'Hangs: takes the call, never answers',
  'hang-after-accept': 'Sends the SMS, never answers',
  refuse: 'Down: connection refused',
  reset: 'Connection reset',
  '500': 'Error 500',
  '429': 'Too many requests (429)',
  garbage: 'Answers with a web page',
  rejected: 'Rejects every message',
  undelivered: 'Accepts, then fails to deliver',
  'false-receipts': 'Says delivered, delivers nothing',
  'no-receipt': 'No delivery receipts',
  'late-receipt': 'Late receipts',
  'duplicate-receipts': 'Every receipt twice',
  'reordered-receipts': 'Receipts in the wrong order',
  'forged-receipts': 'Forged receipts first',
}
