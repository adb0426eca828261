// Names of countries as people say them, by language and code, where the runtime's own is too long for its place in an
// SMS (alert/parts.ts). Sorted by code; a country without one is told by its code.

export const SHORT_COUNTRY_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {}
