// The numbers before the present one as the account's row lists them. Read here; written by former-phone.ts alone.

/** As the list in the account's row holds it. */
export type FormerPhone = {
  readonly sealed: string
  /** Null in rows of former deployments. */
  readonly tag: string | null
  /** Since when it was the account's. */
  readonly since: number
  readonly until: number
  /** 1: it stood for a day. Those go before others, whoever put them there. */
  readonly stood: 0 | 1
}

/** Those that are told, the one that was there first before the others. */
export function formerPhonesAt(
  { formerPhones }: { readonly formerPhones: readonly FormerPhone[] | null },
  now: number,
): readonly FormerPhone[] {
  return (formerPhones ?? []).filter(({ until }) => until > now)
}
