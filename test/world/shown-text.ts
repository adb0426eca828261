// Numbers and instants as the world's page writes them.

export function amount(value: number): string {
  return value.toLocaleString('en')
}

export function clock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB')
}

export function day(at: number): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short' } as const
  const date = new Date(at)
  return `${date.toLocaleDateString('en-GB', options)}, ${clock(at).slice(0, 5)}`
}
