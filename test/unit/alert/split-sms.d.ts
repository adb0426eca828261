// The little of split-sms that the tests ask; the package brings no types of its own.

declare module 'split-sms' {
  export function split(text: string): {
    readonly characterSet: 'GSM' | 'Unicode'
    readonly bytes: number
    readonly parts: readonly { readonly bytes: number }[]
  }
}
